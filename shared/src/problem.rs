//! What an error is: an RFC 9457 problem document with a code from one closed table. Sentences for people
//! are the client's; what is here is for programs and for their authors.

use serde::{Deserialize, Serialize};

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $status:literal, $title:literal;)+) => {
        /// Every error that the API answers. The text form is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ErrorCode {
            $(
                $(#[doc = $doc])+
                #[serde(rename = $code)]
                $name,
            )+
            /// A code that this version does not know; newer servers may send it.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// All codes that a server sends.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable text form.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                    Self::Unknown => "unknown",
                }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)+
                    Self::Unknown => 500,
                }
            }

            /// A short title, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                    Self::Unknown => "Unknown error",
                }
            }
        }
    };
}

error_codes! {
    /// The body is not JSON.
    MalformedJson = "malformed_json", 400, "The body is not valid JSON";
    /// The request cannot be understood at the HTTP level.
    BadRequest = "bad_request", 400, "The request is malformed";
    /// There is no access token, or it is invalid, expired or revoked.
    Unauthenticated = "unauthenticated", 401, "Sign in to continue";
    /// Name and password do not belong together.
    InvalidCredentials = "invalid_credentials", 401, "The name and password do not match";
    /// The password is right, but the account asks for a code as well.
    SecondFactorRequired = "second_factor_required", 401, "A code of the second factor is needed";
    /// The code of the second factor is wrong, too old or used.
    InvalidCode = "invalid_code", 401, "The code is not valid";
    /// The password is right, but the address must be verified first; the link has been sent again.
    EmailNotVerified = "email_not_verified", 403, "Verify the email address first";
    /// The link's token is unknown, used, replaced by a newer one or expired.
    InvalidToken = "invalid_token", 400, "The link is no longer valid";
    /// This Hearth takes new members by invitation only.
    InvitationRequired = "invitation_required", 403, "An invitation is needed";
    /// The invitation is unknown, used, taken back or expired.
    InvalidInvitation = "invalid_invitation", 400, "The invitation is no longer valid";
    /// Too many open invitations.
    TooManyInvitations = "too_many_invitations", 422, "Too many open invitations";
    /// The second factor is on already; turn it off first.
    TwoFactorEnabled = "two_factor_enabled", 409, "The second factor is on";
    /// The second factor is off, or has not been set up.
    TwoFactorDisabled = "two_factor_disabled", 409, "The second factor is off";
    /// The refresh token is unknown, used, expired or revoked.
    InvalidRefreshToken = "invalid_refresh_token", 401, "The session has ended";
    /// A request that uses the cookie came from another site.
    ForeignOrigin = "foreign_origin", 403, "The request came from another site";
    /// The caller sees the object, but may not do this with it.
    Forbidden = "forbidden", 403, "Not allowed";
    /// The present password, asked for once more, is wrong.
    WrongPassword = "wrong_password", 403, "The password is wrong";
    /// The host has suspended the account.
    AccountSuspended = "account_suspended", 403, "The account is suspended";
    /// The account waits for its deletion; `detail` is the time of it (RFC 3339). Sign in with `restore` to keep it.
    AccountDeletionPending = "account_deletion_pending", 403, "The account is going to be deleted";
    /// The two are no friends, and the other one takes no messages from the caller.
    NotFriends = "not_friends", 403, "Only friends can write to each other";
    /// A request to write waits for the answer of the other one.
    RequestPending = "request_pending", 403, "The request has not been accepted";
    /// The person takes no friend requests from the caller.
    RequestsNotAccepted = "requests_not_accepted", 403, "They take no friend requests";
    /// The person does not show their friends to the caller.
    FriendListHidden = "friend_list_hidden", 403, "Their friends are not shown";
    /// This Hearth takes no new members.
    RegistrationClosed = "registration_closed", 403, "Registration is closed";
    /// The object does not exist, or the caller may not know of it.
    NotFound = "not_found", 404, "Not found";
    /// The path exists, the method does not; see `Allow`.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// The body did not arrive in time.
    RequestTimeout = "request_timeout", 408, "The request took too long to arrive";
    /// The username belongs to somebody.
    UsernameTaken = "username_taken", 409, "The username is taken";
    /// The address belongs to an account.
    EmailTaken = "email_taken", 409, "The email address is taken";
    /// As many people are in the group, or invited to it, as there may be.
    GroupFull = "group_full", 409, "The group is full";
    /// The two are friends.
    AlreadyFriends = "already_friends", 409, "Already friends";
    /// The caller has blocked the person.
    PersonBlocked = "person_blocked", 409, "You have blocked this person";
    /// The request has been sent before.
    AlreadyRequested = "already_requested", 409, "Already requested";
    /// The position is past the end of the stream: the database was restored; ask `/sync` again.
    PositionAhead = "position_ahead", 409, "The position is past the end of the stream";
    /// The `client_id` was used for another request.
    ClientIdReused = "client_id_reused", 409, "The client_id was used for another request";
    /// The piece does not begin where the file ends so far, or the file is not whole yet; ask how much has arrived.
    UploadOffset = "upload_offset", 409, "The upload stands at another byte";
    /// The body is larger than the limit.
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    /// The address is longer than the limit.
    UriTooLong = "uri_too_long", 414, "The address is too long";
    /// The body is not `application/json`, or where a file is brought not `multipart/form-data`, a piece of one not
    /// `application/octet-stream`.
    UnsupportedMediaType = "unsupported_media_type", 415, "The body has the wrong media type";
    /// The range that was asked for lies outside the file.
    RangeNotSatisfiable = "range_not_satisfiable", 416, "The range lies outside the file";
    /// Some fields are wrong; `errors` says which.
    ValidationFailed = "validation_failed", 422, "Some fields are wrong";
    /// The cursor was not made by this server for this list.
    InvalidCursor = "invalid_cursor", 422, "The cursor is not valid";
    /// A person cannot write to themselves.
    SelfConversation = "self_conversation", 400, "A person cannot write to themselves";
    /// A person cannot befriend themselves.
    SelfRequest = "self_request", 400, "A person cannot befriend themselves";
    /// Nobody could run this Hearth any more.
    LastAdmin = "last_admin", 409, "The last administrator cannot leave";
    /// A person cannot block themselves.
    SelfBlock = "self_block", 400, "A person cannot block themselves";
    /// A person cannot mute themselves.
    SelfMute = "self_mute", 400, "A person cannot mute themselves";
    /// The caller has blocked as many people as they may.
    TooManyBlocks = "too_many_blocks", 422, "Too many people blocked";
    /// Too many open friend requests.
    TooManyOpenRequests = "too_many_open_requests", 422, "Too many open requests";
    /// Too many requests to write that nobody has accepted.
    TooManyMessageRequests = "too_many_message_requests", 422, "Too many open requests to write";
    /// What one has uploaded fills the space that this Hearth gives each person.
    QuotaExceeded = "quota_exceeded", 422, "Your space for pictures is full";
    /// Too many uploads that are not finished.
    TooManyUploads = "too_many_uploads", 422, "Too many open uploads";
    /// Too many requests; see `Retry-After`.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// Something unexpected; the log has the details under `request_id`.
    Internal = "internal", 500, "Something went wrong";
    /// Too busy, restarting or failing; try again, with the same `client_id`, after `Retry-After`.
    Unavailable = "unavailable", 503, "Temporarily unavailable";
    /// The disk is full; nothing was kept.
    InsufficientStorage = "insufficient_storage", 507, "No space left";
}

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// The field is missing or empty.
    Required,
    /// The field has the wrong JSON type, or a value that its type does not have.
    WrongType,
    /// Fewer characters than the minimum.
    TooShort,
    /// More characters than the maximum.
    TooLong,
    /// Characters that the field does not take.
    InvalidCharacters,
    /// Not of the form that the field has.
    InvalidFormat,
    /// A password that is easily guessed.
    TooCommon,
    /// A value that this Hearth does not offer.
    NotOffered,
    /// A file that is no picture of a kind that is taken: JPEG, PNG, WebP or GIF.
    UnsupportedImage,
    /// A picture with too many pixels, or with too many frames.
    ImageTooLarge,
    /// A picture that cannot be read to its end.
    BrokenImage,
    /// A part that is not inside the picture.
    OutsideImage,
    /// A file that is no film of a kind that browsers play: MP4 or WebM with H.264, VP8, VP9 or AV1.
    UnsupportedVideo,
    /// A film of too many bytes or pixels, or that is too long.
    VideoTooLarge,
    /// A film that cannot be read to its end.
    BrokenVideo,
    /// A file of too many bytes.
    FileTooLarge,
    /// A code that this version does not know.
    #[serde(other)]
    Unknown,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Its path in the body or query: `email`, `media_ids[2]`.
    pub field: String,
    /// What is wrong.
    pub code: FieldCode,
    /// The same for authors of programs, in English.
    pub message: String,
}

/// An RFC 9457 problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI reference for the kind of problem: `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for every occurrence of the code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// More about this occurrence.
    #[serde(default)]
    pub detail: String,
    /// The code that programs look at.
    pub code: ErrorCode,
    /// Finds the request in the server's log; also in the header `x-request-id`.
    #[serde(default)]
    pub request_id: String,
    /// The wrong fields, with `validation_failed`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// The problem of a code, without detail or request.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            kind: format!("/problems/{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: String::new(),
            code,
            request_id: String::new(),
            errors: Vec::new(),
        }
    }

    /// The problem of a body or query with wrong fields.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(ErrorCode::ValidationFailed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_travel_as_their_text() {
        let mut seen = std::collections::HashSet::new();
        for code in ErrorCode::ALL {
            assert!(seen.insert(code.as_str()), "{} twice", code.as_str());
            assert_eq!(
                serde_json::to_string(code).unwrap(),
                format!("\"{}\"", code.as_str())
            );
        }
    }

    #[test]
    fn a_newer_server_does_not_break_an_older_client() {
        let code: ErrorCode = serde_json::from_str("\"not_yet_invented\"").unwrap();
        assert_eq!(code, ErrorCode::Unknown);
    }
}
