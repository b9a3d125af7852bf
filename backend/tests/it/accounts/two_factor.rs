//! The second factor, from the picture to the last recovery code.

use hearth_shared::auth::{
    DisableTwoFactor, EnableTwoFactor, GetTwoFactor, NewRecoveryCodes, SetUpTwoFactor, TotpCode,
    TwoFactorProof, TwoFactorSetup,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::GetMe;
use hearth_testkit::person::PASSWORD;
use totp_rs::{Algorithm, Builder, Secret};

use super::{execute, mail, sign_in};
use crate::everywhere;
use crate::support::{Options, Person, TestApp};

/// What a telephone shows now, or so many steps later.
fn code(secret: &str, steps: i64) -> String {
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(Secret::try_from_base32(secret).unwrap().as_bytes().to_vec())
        .with_account_name("ada")
        .build()
        .unwrap();
    let now = hearth::platform::clock::now().as_millis() / 1000 + steps * 30;
    totp.generate(now.unsigned_abs()).to_string()
}

fn typed(code: &str) -> TotpCode {
    TotpCode { code: code.into() }
}

fn proof(password: &str, code: &str) -> TwoFactorProof {
    TwoFactorProof {
        password: password.into(),
        code: code.into(),
    }
}

fn setup(password: &str) -> TwoFactorSetup {
    TwoFactorSetup {
        password: password.into(),
    }
}

/// Turns it on. Gives the secret and the recovery codes.
async fn turn_on(app: &TestApp, person: &Person) -> (String, Vec<String>) {
    let made = person
        .call(app, &SetUpTwoFactor {}, &setup(PASSWORD))
        .await
        .unwrap();
    let codes = person
        .call(app, &EnableTwoFactor {}, &typed(&code(&made.secret, 0)))
        .await
        .unwrap();
    (made.secret, codes.recovery_codes)
}

/// Lets the present step be used again, as if time had passed.
async fn forget_step(app: &TestApp) {
    execute(app, "UPDATE credentials SET totp_step = 0").await;
}

everywhere! {
    async fn it_is_on_when_a_code_has_come_back(app: TestApp) {
        let ada = app.person("ada").await;
        let wrong = ada.call(&app, &SetUpTwoFactor {}, &setup("not this one")).await;
        assert_eq!(wrong.unwrap_err(), ErrorCode::WrongPassword);
        let none = ada.call(&app, &EnableTwoFactor {}, &typed("123456")).await;
        assert_eq!(none.unwrap_err(), ErrorCode::TwoFactorDisabled, "never set up");
        let made = ada.call(&app, &SetUpTwoFactor {}, &setup(PASSWORD)).await.unwrap();
        assert!(made.uri.starts_with("otpauth://totp/") && made.uri.contains(&made.secret), "{}", made.uri);
        assert!(made.qr_svg.contains("<svg"));
        // Not on yet: nobody can lock themselves out with a picture that they never read.
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.status, 200);
        let bad = ada.call(&app, &EnableTwoFactor {}, &typed("000000")).await;
        assert_eq!(bad.unwrap_err(), ErrorCode::InvalidCode);
        let spaced = code(&made.secret, 0);
        let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);
        let codes = ada.call(&app, &EnableTwoFactor {}, &typed(&spaced)).await.unwrap();
        assert_eq!(codes.recovery_codes.len(), 10);
        let state = ada.call(&app, &GetTwoFactor {}, &Nothing).await.unwrap();
        assert_eq!((state.enabled, state.recovery_codes_left), (true, 10));
        assert!(ada.call(&app, &GetMe {}, &Nothing).await.unwrap().two_factor);
        mail(&app, "Two-factor sign-in is on", 1).await;
        let again = ada.call(&app, &SetUpTwoFactor {}, &setup(PASSWORD)).await;
        assert_eq!(again.unwrap_err(), ErrorCode::TwoFactorEnabled);
    }

    async fn signing_in_asks_for_a_code_that_is_good_once(app: TestApp) {
        let ada = app.person("ada").await;
        let (secret, recovery) = turn_on(&app, &ada).await;
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.code(), "second_factor_required");
        assert_eq!(sign_in(&app, "ada", "wrong password", Some(&code(&secret, 0))).await.code(), "invalid_credentials");
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some("000000")).await.code(), "invalid_code");
        forget_step(&app).await;
        let now = code(&secret, 0);
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(&now)).await.status, 200);
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(&now)).await.code(), "invalid_code", "used");
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(&code(&secret, -9))).await.code(), "invalid_code", "old");
        // As it is written on the paper, or without its hyphen and in capitals.
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(&recovery[0])).await.status, 200);
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(&recovery[0])).await.code(), "invalid_code", "used");
        let typed = recovery[1].replace('-', " ").to_uppercase();
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(&typed)).await.status, 200);
        let state = ada.call(&app, &GetTwoFactor {}, &Nothing).await.unwrap();
        assert_eq!(state.recovery_codes_left, 8);
    }

    async fn of_many_at_the_same_time_one_uses_a_code(app: TestApp) {
        let ada = app.person("ada").await;
        let (secret, recovery) = turn_on(&app, &ada).await;
        forget_step(&app).await;
        for code in [code(&secret, 0), recovery[0].clone()] {
            let tries = (0..10).map(|_| sign_in(&app, "ada", PASSWORD, Some(&code)));
            let answers = futures_util::future::join_all(tries).await;
            let good = answers.iter().filter(|answer| answer.status == 200).count();
            assert_eq!(good, 1);
        }
    }

    async fn codes_of_somebody_else_are_worth_nothing(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (_, adas) = turn_on(&app, &ada).await;
        let (_, _) = turn_on(&app, &ben).await;
        assert_eq!(sign_in(&app, "ben", PASSWORD, Some(&adas[0])).await.code(), "invalid_code");
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(&adas[0])).await.status, 200, "not spent by that");
    }

    async fn turning_it_off_and_new_codes_want_both(app: TestApp) {
        let ada = app.person("ada").await;
        let off = ada.call(&app, &DisableTwoFactor {}, &proof(PASSWORD, "123456")).await;
        assert_eq!(off.unwrap_err(), ErrorCode::TwoFactorDisabled);
        let (secret, old) = turn_on(&app, &ada).await;
        forget_step(&app).await;
        let wrong = ada.call(&app, &NewRecoveryCodes {}, &proof("not this one", &code(&secret, 0))).await;
        assert_eq!(wrong.unwrap_err(), ErrorCode::WrongPassword);
        let wrong = ada.call(&app, &NewRecoveryCodes {}, &proof(PASSWORD, "000000")).await;
        assert_eq!(wrong.unwrap_err(), ErrorCode::InvalidCode);
        let new = ada.call(&app, &NewRecoveryCodes {}, &proof(PASSWORD, &code(&secret, 0))).await.unwrap();
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(&old[0])).await.code(), "invalid_code");
        let wrong = ada.call(&app, &DisableTwoFactor {}, &proof(PASSWORD, &old[0])).await;
        assert_eq!(wrong.unwrap_err(), ErrorCode::InvalidCode);
        ada.call(&app, &DisableTwoFactor {}, &proof(PASSWORD, &new.recovery_codes[0])).await.unwrap();
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.status, 200);
        assert_eq!(ada.call(&app, &GetTwoFactor {}, &Nothing).await.unwrap().recovery_codes_left, 0);
        mail(&app, "Two-factor sign-in is off", 1).await;
        // The next one has another secret.
        let (next, _) = turn_on(&app, &ada).await;
        assert_ne!(next, secret);
    }
}

mod limits {
    use super::*;

    everywhere! {
        with Options { rate_limits: true, ..Options::default() };
        async fn passwords_and_codes_share_one_bucket(app: TestApp) {
            let ada = app.person("ada").await;
            let mut limited = 0;
            for _ in 0..6 {
                let answers = [
                    ada.call(&app, &SetUpTwoFactor {}, &setup("not this one")).await.unwrap_err(),
                    ada.call(&app, &EnableTwoFactor {}, &typed("000000")).await.unwrap_err(),
                ];
                limited += answers.iter().filter(|code| **code == ErrorCode::RateLimited).count();
            }
            assert_eq!(limited, 2, "ten of twelve were looked at");
        }
    }
}
