//! Every mail about an account: all their words. Short lines of plain English, so that each program shows them as
//! they are; usernames only, which hold no surprises.

use crate::platform::mail::{Mail, escaped};

/// Who sends these.
const SIGNATURE: &str = "Hearth";

/// Somebody wants a new password.
pub fn reset(to: &str, username: &str, link: &str) -> Mail {
    let words = [
        "Somebody, most likely you, wants a new password for your account.",
        "Open this link to choose one. It is good once, for 30 minutes:",
    ];
    let end = ["If it wasn't you, do nothing. Your password stays as it is."];
    write(to, "Choose a new password", username, &words, Some(link), &end)
}

/// The password is another one.
pub fn password_changed(to: &str, username: &str, forgot: &str) -> Mail {
    let words = [
        "The password of your account was changed, and your other devices",
        "were signed out. If it was you, all is well.",
    ];
    let end = [
        "If it wasn't you, somebody else has been in your account. Take it",
        "back with a new password, by the link above, and tell the person",
        "who runs this Hearth.",
    ];
    write(
        to,
        "Your password was changed",
        username,
        &words,
        Some(forgot),
        &end,
    )
}

/// An address has to be shown to be somebody's own.
pub fn verify(to: &str, username: &str, link: &str) -> Mail {
    let words = [
        "This address was given for your account.",
        "Open this link to confirm that it is yours. It is good for 24 hours:",
    ];
    let end = ["If you don't know of any account, do nothing."];
    write(
        to,
        "Confirm your email address",
        username,
        &words,
        Some(link),
        &end,
    )
}

/// To the old address: somebody wants another one.
pub fn email_change_asked(to: &str, username: &str, forgot: &str) -> Mail {
    let words = [
        "Somebody who knows your password asked for another email address",
        "for your account. This one stays until the new one is confirmed.",
    ];
    let end = ["If it wasn't you, choose a new password by the link above."];
    write(
        to,
        "Your email address is about to change",
        username,
        &words,
        Some(forgot),
        &end,
    )
}

/// To the old address: there is another one.
pub fn email_changed(to: &str, username: &str) -> Mail {
    let words = [
        "Your account has another email address now. This one gets no more",
        "mail about it.",
    ];
    let end = ["If it wasn't you, tell the person who runs this Hearth at once."];
    write(to, "Your email address was changed", username, &words, None, &end)
}

/// To an address that somebody wanted for a new account, or for another one.
pub fn already_yours(to: &str, username: &str, sign_in: &str) -> Mail {
    let words = [
        "Somebody, perhaps you, gave this address for an account. You have",
        "one with it already. Sign in here:",
    ];
    let end = ["If it wasn't you, do nothing. Nobody was told that you are here."];
    write(
        to,
        "You already have an account",
        username,
        &words,
        Some(sign_in),
        &end,
    )
}

/// An old refresh token came back.
pub fn session_ended(to: &str, username: &str, forgot: &str) -> Mail {
    let words = [
        "A device of yours was signed out: it was used with a key that had",
        "been exchanged for a new one. That can be a fault, or somebody has",
        "copied the key. Sign in again on that device.",
    ];
    let end = ["If something looks strange, choose a new password by the link above."];
    write(
        to,
        "A device was signed out",
        username,
        &words,
        Some(forgot),
        &end,
    )
}

/// The second factor was turned on or off, or has new recovery codes.
pub fn two_factor(to: &str, username: &str, now: FactorNow, forgot: &str) -> Mail {
    let (subject, words) = match now {
        FactorNow::On => (
            "Two-factor sign-in is on",
            "From now on, signing in to your account asks for a code.",
        ),
        FactorNow::Off => (
            "Two-factor sign-in is off",
            "From now on, signing in to your account asks for no code.",
        ),
        FactorNow::NewCodes => (
            "You have new recovery codes",
            "Your account has new recovery codes. The old ones are good no more.",
        ),
    };
    let end = ["If it wasn't you, choose a new password by the link above."];
    write(to, subject, username, &[words], Some(forgot), &end)
}

/// What became of the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorNow {
    /// It is on.
    On,
    /// It is off.
    Off,
    /// It has new recovery codes.
    NewCodes,
}

fn write(to: &str, subject: &str, username: &str, words: &[&str], link: Option<&str>, end: &[&str]) -> Mail {
    let link_text = link.map(|link| format!("{link}\n\n")).unwrap_or_default();
    let text = format!(
        "Hello {username},\n\n{}\n\n{link_text}{}\n\n-- \n{SIGNATURE}\n",
        words.join("\n"),
        end.join("\n")
    );
    let link_html = link
        .map(|link| format!("<p><a href=\"{0}\">{0}</a></p>\n", escaped(link)))
        .unwrap_or_default();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>{}</title></head>\n<body>\n\
         <p>Hello {},</p>\n<p>{}</p>\n{link_html}<p>{}</p>\n<p>{SIGNATURE}</p>\n</body></html>\n",
        escaped(subject),
        escaped(username),
        escaped(&words.join("\n")),
        escaped(&end.join("\n")),
    );
    Mail {
        to: to.to_owned(),
        subject: subject.to_owned(),
        text,
        html,
        unsubscribe: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short_and_plain_and_nothing_comes_from_elsewhere() {
        let link = format!("https://hearth.example/x#{}", "t".repeat(43));
        let all = [
            reset("a@b", "ada", &link),
            password_changed("a@b", "ada", &link),
            verify("a@b", "ada", &link),
            email_change_asked("a@b", "ada", &link),
            email_changed("a@b", "ada"),
            already_yours("a@b", "ada", &link),
            session_ended("a@b", "ada", &link),
            two_factor("a@b", "ada", FactorNow::On, &link),
            two_factor("a@b", "ada", FactorNow::Off, &link),
            two_factor("a@b", "ada", FactorNow::NewCodes, &link),
        ];
        for mail in all {
            assert!(mail.text.is_ascii() && mail.subject.is_ascii());
            assert!(mail.text.lines().all(|line| line.len() <= 76), "{}", mail.text);
            for foreign in ["<img", "src=", "<style", "<script", "url("] {
                assert!(!mail.html.contains(foreign), "{}", mail.html);
            }
        }
    }

    #[test]
    fn what_people_chose_is_text() {
        assert_eq!(escaped("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
