//! Whose browsers are told, and until when.

use hearth_shared::auth::{EndSession, Logout, RefreshToken};
use hearth_shared::endpoint::Nothing;
use hearth_shared::problem::ErrorCode;
use hearth_shared::push::{BROWSERS_MAX, GetPush, SubscribePush, TestPush, UnsubscribePush};

use super::service::{Browser, PushService};
use super::{LOCAL, all_told, hold, release, sql, told};
use crate::accounts::device;
use crate::authorization::count;
use crate::everywhere;
use crate::support::TestApp;

const BROWSERS: &str = "SELECT COUNT(*) AS number FROM push_subscriptions";

everywhere! {
    with LOCAL;
    async fn a_browser_is_told_as_long_as_its_session_lives(app: TestApp) {
        let service = PushService::start();
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let phone = device(&app, "ada").await;
        let (desk_browser, phone_browser) =
            (told(&app, &service, &ada, false).await, told(&app, &service, &phone, false).await);
        let post = ada.post(&app, "x").await;
        let comment = async |text: &str| {
            ben.comment(&app, &post, text).await.unwrap();
            all_told(&app).await;
        };
        let counts = || (service.got(&desk_browser).len(), service.got(&phone_browser).len());
        comment("both").await;
        assert_eq!(counts(), (1, 1));
        let end = EndSession { session_id: phone.session.session_id };
        ada.call(&app, &end, &Nothing).await.unwrap();
        assert_eq!(count(&app, BROWSERS.to_owned()).await, 1, "nothing of it stays");
        comment("the phone was lost").await;
        assert_eq!(counts(), (2, 1));

        // While the host has suspended them nothing comes, also of what happened before; and then again.
        let id = ada.id();
        let set = async |value: &str| {
            sql(&app, format!("UPDATE users SET suspended_at = {value} WHERE id = {id}")).await;
        };
        hold(&app).await;
        comment("before").await;
        set("1").await;
        release(&app).await;
        assert_eq!((counts(), count(&app, BROWSERS.to_owned()).await), ((2, 1), 1));
        set("NULL").await;
        comment("back").await;
        assert_eq!(counts(), (3, 1));

        let token = RefreshToken { refresh_token: ada.session.refresh_token.clone() };
        assert_eq!(app.ask(None, &Logout {}, &Nothing, &token).await.status, 204);
        assert_eq!(count(&app, BROWSERS.to_owned()).await, 0);
        comment("signed out").await;
        assert_eq!(counts(), (3, 1));
    }

    async fn a_browser_is_whose_it_is_now(app: TestApp) {
        let service = PushService::start();
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let browser = told(&app, &service, &ada, true).await;
        // Again and again it is the same one.
        for previews in [false, true] {
            let push = ada.call(&app, &SubscribePush {}, &browser.subscription(previews)).await.unwrap();
            assert_eq!(push.subscription.map(|told| told.previews), Some(previews));
        }
        assert_eq!(count(&app, BROWSERS.to_owned()).await, 1);
        assert_eq!(ben.call(&app, &TestPush {}, &Nothing).await.map(drop), Err(ErrorCode::NotFound));
        // Who only knows the address gains nothing by it.
        let other = Browser::new(&service);
        let mut stolen = other.subscription(false);
        stolen.endpoint = browser.subscription(false).endpoint;
        let refused = ben.call(&app, &SubscribePush {}, &stolen).await.map(drop);
        assert_eq!(refused, Err(ErrorCode::ValidationFailed));
        // Who signs in with the browser itself has it.
        ben.call(&app, &SubscribePush {}, &browser.subscription(false)).await.unwrap();
        assert_eq!(count(&app, BROWSERS.to_owned()).await, 1);
        assert_eq!(ada.call(&app, &GetPush {}, &Nothing).await.unwrap().subscription, None);
        ben.call(&app, &TestPush {}, &Nothing).await.unwrap();
        service.wait_for(&browser, 1).await;
        // A browser that changes its address has one.
        ben.call(&app, &SubscribePush {}, &other.subscription(false)).await.unwrap();
        assert_eq!(count(&app, BROWSERS.to_owned()).await, 1);
        for _ in 0..2 {
            ben.call(&app, &UnsubscribePush {}, &Nothing).await.unwrap();
            assert_eq!(count(&app, BROWSERS.to_owned()).await, 0);
        }
    }

    async fn there_are_only_so_many(app: TestApp) {
        let service = PushService::start();
        let ada = app.person("ada").await;
        let first = told(&app, &service, &ada, false).await;
        for _ in 0..BROWSERS_MAX {
            let device = device(&app, "ada").await;
            told(&app, &service, &device, false).await;
        }
        assert_eq!(count(&app, BROWSERS.to_owned()).await, BROWSERS_MAX);
        assert_eq!(ada.call(&app, &GetPush {}, &Nothing).await.unwrap().subscription, None, "the oldest");
        ada.call(&app, &SubscribePush {}, &first.subscription(false)).await.unwrap();
        assert_eq!(count(&app, BROWSERS.to_owned()).await, BROWSERS_MAX);
    }
}
