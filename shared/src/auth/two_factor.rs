//! The second factor: codes that change every 30 seconds (TOTP, RFC 6238), and recovery codes for the day on which
//! the telephone is lost.

use serde::{Deserialize, Serialize};

use super::PASSWORD_MAX;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::valid::{Report, Validate};

/// Characters of a code at most; a recovery code is the longest.
pub const CODE_MAX: usize = 64;
/// Recovery codes that one gets.
pub const RECOVERY_CODES: usize = 10;

/// How one's second factor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TwoFactor {
    /// Whether signing in asks for a code.
    pub enabled: bool,
    /// Recovery codes that have not been used.
    pub recovery_codes_left: u32,
}

/// The beginning of setting it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TwoFactorSetup {
    /// The password, once more.
    #[cfg_attr(feature = "openapi", schema(format = "password", max_length = 128))]
    pub password: String,
}

impl Validate for TwoFactorSetup {
    fn validate(&mut self, report: &mut Report) {
        report.length("password", &self.password, 1, PASSWORD_MAX);
    }
}

/// What the telephone has to know. It counts only when a code made with it has come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TwoFactorSecret {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The same as an `otpauth://` address.
    pub uri: String,
    /// The same as a picture: a whole SVG document.
    pub qr_svg: String,
}

/// A code of the telephone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpCode {
    /// Six digits; spaces do not matter.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub code: String,
}

impl Validate for TotpCode {
    fn validate(&mut self, report: &mut Report) {
        tidy_code(report, &mut self.code);
    }
}

/// The password and a code: what changes the second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TwoFactorProof {
    /// The password, once more.
    #[cfg_attr(feature = "openapi", schema(format = "password", max_length = 128))]
    pub password: String,
    /// Six digits of the telephone, or a recovery code.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub code: String,
}

impl Validate for TwoFactorProof {
    fn validate(&mut self, report: &mut Report) {
        report.length("password", &self.password, 1, PASSWORD_MAX);
        tidy_code(report, &mut self.code);
    }
}

/// Recovery codes. They are shown this once; the server keeps only what recognises them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Ten, each good once. Earlier ones are good no more.
    pub recovery_codes: Vec<String>,
}

/// Codes are typed with spaces and hyphens, in capitals or not.
pub(crate) fn tidy_code(report: &mut Report, code: &mut String) {
    report.length("code", code, 1, CODE_MAX);
    let signs = code.chars().filter(|c| !c.is_whitespace() && *c != '-');
    *code = signs.collect::<String>().to_ascii_lowercase();
    report.printable("code", code, false);
}

endpoint! {
    /// How one's second factor stands.
    GetTwoFactor {} = Get "/auth/two-factor",
    SignedIn, query Nothing, body Nothing => 200 TwoFactor
}

endpoint! {
    /// Makes a secret for one's telephone. Nothing changes until a code made with it comes back.
    SetUpTwoFactor {} = Post "/auth/two-factor/setup",
    SignedIn, query Nothing, body TwoFactorSetup => 200 TwoFactorSecret
}

endpoint! {
    /// Turns the second factor on with the first code.
    EnableTwoFactor {} = Post "/auth/two-factor/enable",
    SignedIn, query Nothing, body TotpCode => 200 RecoveryCodes
}

endpoint! {
    /// Turns the second factor off.
    DisableTwoFactor {} = Post "/auth/two-factor/disable",
    SignedIn, query Nothing, body TwoFactorProof => 204 Nothing
}

endpoint! {
    /// Makes new recovery codes; the earlier ones are good no more.
    NewRecoveryCodes {} = Post "/auth/two-factor/recovery-codes",
    SignedIn, query Nothing, body TwoFactorProof => 200 RecoveryCodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::valid::Valid;

    #[test]
    fn codes_are_taken_as_people_type_them() {
        for (typed, wanted) in [(" 123 456 ", "123456"), ("AbCd-EfGh", "abcdefgh")] {
            let code = Valid::check(TotpCode { code: typed.into() }).unwrap();
            assert_eq!(code.code, wanted);
        }
        assert!(Valid::check(TotpCode { code: String::new() }).is_err());
        assert!(Valid::check(TotpCode { code: "1".repeat(65) }).is_err());
    }
}
