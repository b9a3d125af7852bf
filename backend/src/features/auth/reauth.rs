//! The password once more, before something that a stolen session must not do. All such checks, and those of codes
//! of the second factor, are counted in one bucket of the person: nobody tries passwords by the side doors.

use hearth_shared::ids::UserId;
use hearth_shared::problem::ErrorCode;

use super::http::SignIn;
use crate::features::users;
use crate::platform::error::AppResult;
use crate::platform::passwords::Verdict;
use crate::platform::rate_limit::{Key, Limit};

/// Checks the password of whoever is signed in.
///
/// # Errors
/// `wrong_password`, `rate_limited`; `unavailable` when too many wait.
pub async fn confirm(sign_in: &SignIn, user: UserId, password: String) -> AppResult<()> {
    count(sign_in, user).await?;
    let hash = sign_in
        .db
        .read(move |conn| Ok(users::store_standing::password_hash(conn, user)?))
        .await?;
    match sign_in.passwords.verify(password, hash).await? {
        Verdict::Right { .. } => Ok(()),
        Verdict::Wrong => Err(ErrorCode::WrongPassword.into()),
    }
}

/// Counts one try of a password or a code.
///
/// # Errors
/// `rate_limited`.
pub async fn count(sign_in: &SignIn, user: UserId) -> AppResult<()> {
    sign_in.limits.check(Limit::Reauth, Key::User(user)).await
}
