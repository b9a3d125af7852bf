//! Where mail goes without a mail server: a folder that only the host can read. Links in it are as good as they
//! would be in a mailbox.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::platform::clock;
use crate::platform::jobs::Failed;

/// Puts a mail into the folder as `<time>-<name>.eml`, whole or not at all.
pub(super) async fn put(folder: &Path, mail: Vec<u8>, name: &str) -> Result<(), Failed> {
    let (folder, name) = (folder.to_owned(), name.to_owned());
    let written = tokio::task::spawn_blocking(move || write(&folder, &mail, &name)).await;
    match written {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Failed::Again(format!("outbox: {error}"))),
        Err(stopped) => Err(Failed::Again(format!("outbox: {stopped}"))),
    }
}

fn write(folder: &Path, mail: &[u8], name: &str) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let name = format!("{}-{name}", clock::now().as_millis());
    let draft = folder.join(format!("{name}.new"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(mail)?;
    file.sync_all()?;
    fs::rename(&draft, folder.join(format!("{name}.eml")))
}
