//! A mail as it travels (RFC 5322): both parts, no pictures, nothing that is loaded from anywhere.

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use super::Mail;
use crate::platform::jobs::Failed;

/// No program should answer it (RFC 3834).
const AUTOMATIC: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// Where the mails end (RFC 2369), and that a POST to that address is enough (RFC 8058).
const UNSUBSCRIBE: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe");
const UNSUBSCRIBE_POST: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");

pub(super) fn write(mail: &Mail, from: &Mailbox, name: &str) -> Result<Message, Failed> {
    let address = mail
        .to
        .parse()
        .map_err(|error| Failed::Never(format!("the address: {error}")))?;
    let parts = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, address))
        .subject(mail.subject.clone())
        .message_id(Some(format!("<{name}@{}>", from.email.domain())))
        .multipart(parts)
        .map_err(|error| Failed::Never(format!("the mail: {error}")))?;
    let headers = message.headers_mut();
    headers.insert_raw(HeaderValue::new(AUTOMATIC, "auto-generated".to_owned()));
    if let Some(address) = &mail.unsubscribe {
        headers.insert_raw(HeaderValue::new(UNSUBSCRIBE, format!("<{address}>")));
        let post = "List-Unsubscribe=One-Click".to_owned();
        headers.insert_raw(HeaderValue::new(UNSUBSCRIBE_POST, post));
    }
    Ok(message)
}
