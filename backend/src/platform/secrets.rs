//! The root secret of a Hearth: 32 random bytes in a file of its own, made on the first start. Every key is
//! derived from it (HKDF, RFC 5869), so there is one thing to keep and to back up.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use rand::Rng;
use sha2::Sha256;

/// The root secret. It has no `Debug`, so that no log can hold it.
pub struct Secrets {
    root: [u8; 32],
}

impl Secrets {
    /// Reads the file, or makes it, readable by its owner alone.
    ///
    /// # Errors
    /// When it cannot be read or made, does not hold 32 bytes, or is readable by others.
    pub fn load_or_create(path: &Path) -> anyhow::Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => {
                check_private(path)?;
                let bytes = STANDARD
                    .decode(text.trim())
                    .ok()
                    .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
                let Some(root) = bytes else {
                    bail!(
                        "HEARTH_SECRET_FILE: {} does not hold 32 bytes in base64",
                        path.display()
                    );
                };
                Ok(Self { root })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut root = [0; 32];
                rand::rng().fill_bytes(&mut root);
                write_private(path, &STANDARD.encode(root))
                    .with_context(|| format!("HEARTH_SECRET_FILE: cannot write {}", path.display()))?;
                tracing::info!(file = %path.display(), "made the secret of this Hearth; back it up with the database");
                Ok(Self { root })
            }
            Err(error) => {
                Err(error).with_context(|| format!("HEARTH_SECRET_FILE: cannot read {}", path.display()))
            }
        }
    }

    /// The key for one purpose.
    pub fn key(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        // 32 bytes are far below what HKDF can give (255 × 32), so this cannot fail.
        let expanded =
            Hkdf::<Sha256>::new(Some(b"hearth/v1"), &self.root).expand(purpose.as_bytes(), &mut key);
        debug_assert!(expanded.is_ok());
        key
    }

    /// Says which secret this is without giving it away; kept in the database.
    pub fn fingerprint(&self) -> String {
        self.key("fingerprint")[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// The file must be whole or absent, also after a power cut.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

#[cfg(unix)]
fn check_private(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        bail!(
            "HEARTH_SECRET_FILE: others may read {}; run: chmod 600 {}",
            path.display(),
            path.display()
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_path: &Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_private_and_the_same_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let first = Secrets::load_or_create(&path).unwrap();
        let second = Secrets::load_or_create(&path).unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_ne!(first.key("a"), first.key("b"));
    }

    #[cfg(unix)]
    #[test]
    fn a_readable_or_short_secret_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        write_private(&path, "c2hvcnQ=").unwrap();
        assert!(Secrets::load_or_create(&path).is_err());
        fs::remove_file(&path).unwrap();
        Secrets::load_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Secrets::load_or_create(&path).is_err());
    }
}
