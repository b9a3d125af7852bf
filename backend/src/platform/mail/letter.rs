//! A mail as it travels (RFC 5322): both parts, no pictures, nothing that is loaded from anywhere.

use hearth_shared::ids::JobId;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use super::Mail;
use crate::platform::jobs::Failed;

/// No program should answer it (RFC 3834).
const AUTOMATIC: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

pub(super) fn write(mail: &Mail, from: &Mailbox, job: JobId) -> Result<Message, Failed> {
    let address = mail
        .to
        .parse()
        .map_err(|error| Failed::Never(format!("the address: {error}")))?;
    let parts = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, address))
        .subject(mail.subject.clone())
        .message_id(Some(format!("<job-{job}@{}>", from.email.domain())))
        .multipart(parts)
        .map_err(|error| Failed::Never(format!("the mail: {error}")))?;
    message
        .headers_mut()
        .insert_raw(HeaderValue::new(AUTOMATIC, "auto-generated".to_owned()));
    Ok(message)
}
