//! Push services that fail, and addresses that are none.

use hearth::platform::push::Mode;
use hearth_shared::endpoint::Nothing;
use hearth_shared::problem::ErrorCode;
use hearth_shared::push::{GetPush, SubscribePush, TestPush};

use super::service::{Browser, PushService};
use super::{LOCAL, WAITING, all_told, its_time_has_come, sql, told};
use crate::authorization::count;
use crate::everywhere;
use crate::support::{Options, TestApp};

const BROWSERS: &str = "SELECT COUNT(*) AS number FROM push_subscriptions";

everywhere! {
    with LOCAL;
    async fn a_browser_that_is_gone_is_told_no_more(app: TestApp) {
        let service = PushService::start();
        let ada = app.person("ada").await;
        for status in [410, 404] {
            told(&app, &service, &ada, false).await;
            service.answer(status, "");
            ada.call(&app, &TestPush {}, &Nothing).await.unwrap();
            all_told(&app).await;
            assert_eq!(count(&app, BROWSERS.to_owned()).await, 0, "{status}");
            assert_eq!(count(&app, WAITING.to_owned()).await, 0);
            let push = ada.call(&app, &GetPush {}, &Nothing).await.unwrap();
            assert_eq!(push.subscription, None);
            assert_eq!(ada.call(&app, &TestPush {}, &Nothing).await.map(drop), Err(ErrorCode::NotFound));
        }
        assert_eq!(service.all(), 2);
    }

    async fn what_a_push_service_does_not_take_now_is_sent_later(app: TestApp) {
        let service = PushService::start();
        let ada = app.person("ada").await;
        let browser = told(&app, &service, &ada, false).await;
        service.answer(503, "retry-after: 7200\r\n");
        ada.call(&app, &TestPush {}, &Nothing).await.unwrap();
        all_told(&app).await;
        service.wait_for(&browser, 1).await;
        let waits = "SELECT COUNT(*) AS number FROM push_subscriptions, jobs WHERE jobs.kind = 'push'
            AND failures = 1 AND paused_until - jobs.created_at BETWEEN 7190000 AND 7210000
            AND jobs.due_at - paused_until BETWEEN 0 AND 60000";
        assert_eq!(count(&app, waits.to_owned()).await, 1, "as long as it asks for");
        let push = ada.call(&app, &GetPush {}, &Nothing).await.unwrap();
        assert!(push.subscription.is_some_and(|told| told.failing && told.last_ok_at.is_none()));
        // Meanwhile nothing is tried; of one subject one job waits.
        ada.call(&app, &TestPush {}, &Nothing).await.unwrap();
        all_told(&app).await;
        assert_eq!((service.all(), count(&app, WAITING.to_owned()).await), (1, 1));
        service.answer(201, "");
        its_time_has_come(&app).await;
        service.wait_for(&browser, 2).await;
        all_told(&app).await;
        let push = ada.call(&app, &GetPush {}, &Nothing).await.unwrap();
        assert!(push.subscription.is_some_and(|told| !told.failing && told.last_ok_at.is_some()));
        assert_eq!(count(&app, WAITING.to_owned()).await, 0);
    }

    async fn who_never_takes_anything_is_given_up(app: TestApp) {
        let service = PushService::start();
        let ada = app.person("ada").await;
        let browser = told(&app, &service, &ada, false).await;
        service.answer(403, "");
        ada.call(&app, &TestPush {}, &Nothing).await.unwrap();
        all_told(&app).await;
        for _ in 1..10 {
            its_time_has_come(&app).await;
            all_told(&app).await;
        }
        assert_eq!(service.got(&browser).len(), 10);
        assert_eq!(count(&app, BROWSERS.to_owned()).await, 1, "perhaps it is not its fault");
        sql(&app, "UPDATE push_subscriptions SET created_at = 1").await;
        its_time_has_come(&app).await;
        all_told(&app).await;
        assert_eq!(count(&app, BROWSERS.to_owned()).await, 0);
    }

    async fn nobody_is_sent_elsewhere(app: TestApp) {
        let (service, elsewhere) = (PushService::start(), PushService::start());
        let ada = app.person("ada").await;
        let browser = told(&app, &service, &ada, false).await;
        let to = format!("location: {}/inside\r\n", elsewhere.origin());
        service.answer(307, &to);
        ada.call(&app, &TestPush {}, &Nothing).await.unwrap();
        service.wait_for(&browser, 1).await;
        all_told(&app).await;
        assert_eq!(elsewhere.all(), 0, "a redirect was followed");
    }
}

mod on_the_internet {
    use super::*;

    everywhere! {
        async fn addresses_inside_are_refused(app: TestApp) {
            let service = PushService::start();
            let ada = app.person("ada").await;
            let browser = Browser::new(&service);
            for endpoint in [
                browser.subscription(false).endpoint,
                "http://push.example/x".to_owned(),
                "https://push.example:8443/x".to_owned(),
                "https://ada:x@push.example/x".to_owned(),
                "https://127.0.0.1/x".to_owned(),
                "https://169.254.169.254/latest".to_owned(),
                "https://[::1]/x".to_owned(),
                "https://localhost/x".to_owned(),
                "https://10.0.0.1/x".to_owned(),
            ] {
                let mut new = browser.subscription(false);
                new.endpoint = endpoint;
                let refused = ada.call(&app, &SubscribePush {}, &new).await.map(drop);
                assert_eq!(refused, Err(ErrorCode::ValidationFailed), "{}", new.endpoint);
            }
            let mut new = browser.subscription(false);
            new.endpoint = "https://push.example/x".to_owned();
            new.p256dh = "BAAA".to_owned();
            let refused = ada.call(&app, &SubscribePush {}, &new).await.map(drop);
            assert_eq!(refused, Err(ErrorCode::ValidationFailed), "no key");
            // What stands in the table since the host has changed their mind is not sent to either.
            new = browser.subscription(false);
            new.endpoint = "https://push.example/x".to_owned();
            ada.call(&app, &SubscribePush {}, &new).await.unwrap();
            let inside = format!("UPDATE push_subscriptions SET endpoint = '{}'", browser.subscription(false).endpoint);
            sql(&app, inside).await;
            ada.call(&app, &TestPush {}, &Nothing).await.unwrap();
            all_told(&app).await;
            assert_eq!(service.all(), 0);
        }
    }
}

mod switched_off {
    use super::*;

    everywhere! {
        with Options { push: Some(Mode::Off), ..Options::PLAIN };
        async fn nobody_is_told(app: TestApp) {
            let service = PushService::start();
            let ada = app.person("ada").await;
            let push = ada.call(&app, &GetPush {}, &Nothing).await.unwrap();
            assert_eq!(push.public_key, None);
            let new = Browser::new(&service).subscription(false);
            let refused = ada.call(&app, &SubscribePush {}, &new).await.map(drop);
            assert_eq!(refused, Err(ErrorCode::NotFound));
        }
    }
}

mod with_limits {
    use super::*;

    everywhere! {
        with Options { rate_limits: true, ..LOCAL };
        async fn a_test_can_be_asked_for_now_and_then(app: TestApp) {
            let service = PushService::start();
            let ada = app.person("ada").await;
            told(&app, &service, &ada, false).await;
            for _ in 0..10 {
                ada.call(&app, &TestPush {}, &Nothing).await.unwrap();
            }
            assert_eq!(ada.call(&app, &TestPush {}, &Nothing).await.map(drop), Err(ErrorCode::RateLimited));
        }
    }
}
