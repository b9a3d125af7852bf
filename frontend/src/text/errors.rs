//! What a person reads when something goes wrong: one sentence for every code of the API.

use hearth_shared::auth::{CODE_MAX, DISPLAY_NAME_MAX, EMAIL_MAX, NOTE_MAX, PASSWORD_MAX, USERNAME_LENGTH};
use hearth_shared::conversations::groups::{DESCRIPTION_MAX, INVITED_AT_ONCE, TITLE_MAX};
use hearth_shared::conversations::{PINNED_CONVERSATIONS_MAX, PINS_MAX};
use hearth_shared::posts::{COMMENT_MAX, POST_MAX};
use hearth_shared::problem::{ErrorCode, FieldCode, FieldError};
use hearth_shared::users::SEARCH_MAX;

use crate::platform::api::Failure;

pub(crate) const NO_ANSWER: &str = "There's no connection to the server. Try again in a moment.";
pub(crate) const NOT_UNDERSTOOD: &str =
    "The server's answer made no sense. Reload the page; it may be newer than this one.";

/// One sentence for a code.
pub(crate) fn sentence(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Unauthenticated | ErrorCode::InvalidRefreshToken => super::auth::SESSION_ENDED,
        ErrorCode::InvalidCredentials => super::auth::WRONG_CREDENTIALS,
        ErrorCode::WrongPassword => "That isn't your password. Try again.",
        ErrorCode::SecondFactorRequired => "Enter the code from your authenticator app.",
        ErrorCode::InvalidCode => {
            "That code isn't right, or it was used. Wait for the next one and try again."
        }
        ErrorCode::EmailNotVerified => {
            "Your address isn't confirmed yet. We sent the link again: open it, then sign in."
        }
        ErrorCode::InvalidToken => "This link is no longer good.",
        ErrorCode::InvitationRequired => super::auth::BY_INVITATION,
        ErrorCode::InvalidInvitation => super::auth::INVITATION_SPENT,
        ErrorCode::TooManyInvitations => {
            "You have 20 open invitations. Take one back before you make another."
        }
        ErrorCode::TwoFactorEnabled => "Two-factor sign-in is on already. Reload the page.",
        ErrorCode::TwoFactorDisabled => "Two-factor sign-in is off. Reload the page.",
        ErrorCode::AccountSuspended => {
            "The person who runs this Hearth has suspended this account. Ask them why."
        }
        ErrorCode::AccountDeletionPending => "This account is going to be deleted.",
        ErrorCode::LastAdmin => {
            "You're the only one who runs this Hearth. Make somebody else an administrator first."
        }
        ErrorCode::RegistrationClosed => super::auth::REGISTRATION_CLOSED,
        ErrorCode::Forbidden => "You may see this, but not change it.",
        ErrorCode::NotFound => "It isn't there any more. It may have been removed or limited.",
        ErrorCode::UsernameTaken => "That username is taken. Try another.",
        ErrorCode::GroupFull => "As many people are in the group, or invited to it, as there may be.",
        ErrorCode::EmailTaken => "There is an account with that address already.",
        ErrorCode::AlreadyFriends => "You're friends already.",
        ErrorCode::AlreadyRequested => "You've asked already.",
        ErrorCode::SelfRequest | ErrorCode::SelfConversation | ErrorCode::SelfBlock | ErrorCode::SelfMute => {
            "That's you."
        }
        ErrorCode::NotFriends => "You aren't friends, so you can't write to each other.",
        ErrorCode::RequestPending => "They haven't accepted your request yet.",
        ErrorCode::TooManyMessageRequests => {
            "Many people haven't answered you yet. Wait for some of them before you write to more."
        }
        ErrorCode::PersonBlocked => "You've blocked them. Unblock them first.",
        ErrorCode::RequestsNotAccepted => "They don't take friend requests right now.",
        ErrorCode::FriendListHidden => "They keep their friends to themselves.",
        ErrorCode::TooManyBlocks => "You've blocked as many people as you can. Unblock somebody first.",
        ErrorCode::TooManyOpenRequests => {
            "You have many requests waiting. Cancel some, or wait for answers, before you ask more people."
        }
        ErrorCode::RateLimited => "That was a lot at once. Wait a moment, then try again.",
        ErrorCode::Unavailable => "Hearth is busy or restarting. Nothing is lost. Try again in a moment.",
        ErrorCode::QuotaExceeded => "Your space for pictures is full. Remove some that you no longer need.",
        ErrorCode::UploadOffset => "The upload got out of step. Try again, and it goes on from there.",
        ErrorCode::TooManyUploads => {
            "You have five uploads that aren't finished. Finish or cancel one before you begin another."
        }
        ErrorCode::InsufficientStorage => "The server has no space left. Tell the person who runs it.",
        ErrorCode::PayloadTooLarge | ErrorCode::UriTooLong => "That's too long.",
        ErrorCode::ValidationFailed => "Something in it needs another look.",
        _ => "Something went wrong on the server. Nothing was changed. Try again.",
    }
}

/// Why a call came to nothing.
pub(crate) fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => NO_ANSWER.to_owned(),
        Failure::Garbled => NOT_UNDERSTOOD.to_owned(),
        Failure::Refused(refusal) => match (refusal.code, refusal.retry_after, refusal.errors.first()) {
            (ErrorCode::RateLimited, Some(seconds), _) => {
                format!("That was a lot at once. {}", wait(seconds))
            }
            (ErrorCode::ValidationFailed, _, Some(error)) => field(error),
            (code, ..) => sentence(code).to_owned(),
        },
    }
}

/// "Try again in 40 seconds." where the server said how long.
pub(crate) fn wait(seconds: u32) -> String {
    if seconds < 90 {
        format!(
            "Try again in {}.",
            super::count(seconds.max(1), "second", "seconds")
        )
    } else {
        format!(
            "Try again in {}.",
            super::count(seconds.div_ceil(60), "minute", "minutes")
        )
    }
}

/// One sentence for a wrong field, as it stands beside the field.
pub(crate) fn field(error: &FieldError) -> String {
    let name = error.field.as_str();
    match error.code {
        FieldCode::Required => match name {
            "login" => "Enter your username or email.".to_owned(),
            "password" => "Enter a password.".to_owned(),
            "current_password" => "Enter your password.".to_owned(),
            "new_password" => "Enter a new password.".to_owned(),
            "code" => "Enter the code.".to_owned(),
            "display_name" => "Enter the name people know you by.".to_owned(),
            "username" => "Choose a username.".to_owned(),
            "email" => "Enter your email address.".to_owned(),
            "title" => "Give the group a name.".to_owned(),
            _ => "Write something first.".to_owned(),
        },
        FieldCode::TooShort => match name {
            "username" => format!("Use at least {} characters.", USERNAME_LENGTH.start()),
            // How many is the host's choice and stands in the hint.
            "password" | "new_password" => "That's too short. Add another word or two.".to_owned(),
            _ => "This is too short.".to_owned(),
        },
        FieldCode::TooLong if name == "user_ids" => format!("Choose at most {INVITED_AT_ONCE} people."),
        FieldCode::TooLong if name == "pinned" => {
            format!(
                "You've pinned {PINNED_CONVERSATIONS_MAX} chats, which is as many as there may be. Unpin one first."
            )
        }
        FieldCode::TooLong if name == "message_id" => {
            format!("{PINS_MAX} messages are pinned here, which is as many as there may be. Unpin one first.")
        }
        FieldCode::TooLong => format!("Use at most {} characters.", most(name)),
        FieldCode::InvalidCharacters => match name {
            "username" => "Use only the letters a–z, digits and _.".to_owned(),
            _ => "There is a character in it that can't be shown. Type it again.".to_owned(),
        },
        FieldCode::InvalidFormat if name == "email" => {
            "Enter a whole address, like ada@example.org.".to_owned()
        }
        FieldCode::TooCommon => {
            "That password is easily guessed. A few unrelated words work well.".to_owned()
        }
        FieldCode::NotOffered => match name {
            "username" => "That name is kept for the people who run Hearth. Choose another.".to_owned(),
            "quiet_hours.time_zone" => "Hearth doesn't know the time zone of this device.".to_owned(),
            "audience" => "This Hearth doesn't offer that audience.".to_owned(),
            _ => "That isn't offered here.".to_owned(),
        },
        FieldCode::UnsupportedImage => "That file isn't a picture. JPEG, PNG, WebP and GIF work.".to_owned(),
        FieldCode::ImageTooLarge => {
            "That picture is too big. At most 24 megapixels and 8192 pixels on each side work.".to_owned()
        }
        FieldCode::BrokenImage => "That picture can't be read. Save it again, or take another.".to_owned(),
        FieldCode::UnsupportedVideo => {
            "That video won't play in every browser. MP4 with H.264 and WebM work.".to_owned()
        }
        FieldCode::VideoTooLarge => {
            "That video is too big. At most 256 MB, 12 hours and 8192 pixels on each side work.".to_owned()
        }
        FieldCode::FileTooLarge => "That file is too big. At most 256 MB work.".to_owned(),
        FieldCode::BrokenVideo => "That video can't be read. Save it again, or take another.".to_owned(),
        FieldCode::OutsideImage => "The part you chose isn't inside the picture.".to_owned(),
        _ => "This needs another look.".to_owned(),
    }
}

fn most(field: &str) -> usize {
    match field {
        "username" => *USERNAME_LENGTH.end(),
        "display_name" => DISPLAY_NAME_MAX,
        "password" | "current_password" | "new_password" => PASSWORD_MAX,
        "code" => CODE_MAX,
        "note" => NOTE_MAX,
        "login" | "email" => EMAIL_MAX,
        "comment" => COMMENT_MAX,
        "title" => TITLE_MAX,
        "description" => DESCRIPTION_MAX,
        "q" => SEARCH_MAX,
        _ => POST_MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_calm_sentence() {
        for code in ErrorCode::ALL {
            let text = sentence(*code);
            assert!(text.ends_with('.') && !text.contains('!'), "{text}");
        }
    }

    #[test]
    fn waiting_is_said_in_units_that_people_use() {
        assert_eq!(wait(1), "Try again in 1 second.");
        assert_eq!(wait(40), "Try again in 40 seconds.");
        assert_eq!(wait(121), "Try again in 3 minutes.");
    }
}
