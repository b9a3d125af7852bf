//! Whoever asks for a link does not learn who is here: not from the bytes, not from the time.

use std::time::Instant;

use hearth_shared::auth::{ForgotPassword, ForgottenPassword};
use hearth_shared::endpoint::Nothing;

use crate::everywhere;
use crate::support::{Answer, TestApp};

async fn forgot(app: &TestApp, email: &str) -> Answer {
    let body = ForgottenPassword { email: email.into() };
    app.ask(None, &ForgotPassword {}, &Nothing, &body).await
}

/// What the answer tells, but for what names the request and the moment.
fn told(answer: &Answer) -> (u16, Vec<String>, String) {
    let own = |name: &str| matches!(name, "x-request-id" | "date");
    let fields = answer.headers.iter().filter(|(name, _)| !own(name.as_str()));
    let mut fields: Vec<String> = fields.map(|(name, value)| format!("{name}: {value:?}")).collect();
    fields.sort();
    (answer.status, fields, answer.text.clone())
}

fn median(mut times: Vec<u128>) -> u128 {
    times.sort_unstable();
    times[times.len() / 2]
}

everywhere! {
    async fn known_and_unknown_addresses_are_answered_alike(app: TestApp) {
        const ROUNDS: usize = 60;
        for number in 0..ROUNDS {
            app.person(&format!("known{number}")).await;
        }
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for number in 0..ROUNDS {
            let began = Instant::now();
            let one = forgot(&app, &format!("known{number}@example.org")).await;
            known.push(began.elapsed().as_micros());
            let began = Instant::now();
            let other = forgot(&app, &format!("nobody{number}@example.org")).await;
            unknown.push(began.elapsed().as_micros());
            assert_eq!(told(&one), told(&other));
            assert_eq!(one.status, 202);
        }
        // Generous, because machines under load are unsteady: a slow hash or a mail would be far more.
        let (known, unknown) = (median(known), median(unknown));
        let ratio = known.max(unknown) as f64 / known.min(unknown).max(1) as f64;
        assert!(ratio < 2.0, "{known} µs and {unknown} µs");
    }
}
