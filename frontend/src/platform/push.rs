//! Being told while no page is looked at: what the browser can do, and whether it may. It is asked only when the person
//! has pressed the button for it: a browser that is asked unbidden says no for good.

use hearth_shared::endpoint::Nothing;
use hearth_shared::push::{NewPushSubscription, Push, SubscribePush, UnsubscribePush};
use js_sys::{JSON, Reflect};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, Notification, NotificationPermission, PushManager, PushSubscription,
    PushSubscriptionOptionsInit,
};

use super::api::{Api, Failure};
use super::{spawn, storage, worker};

/// With which address this browser is told, and whether it shows what was written. Gone when the person signs out.
pub(super) const TOLD: &str = "hearth.push";
/// The first letter of that.
const WITH_PREVIEWS: char = '1';
const WITHOUT: char = '0';

/// Why a browser cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cannot {
    /// The page did not come over https.
    Insecure,
    /// An iPhone or iPad, where only what is on the home screen can.
    NotOnHomeScreen,
    /// It does not know how.
    Unknown,
}

/// What this browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Here {
    Cannot(Cannot),
    /// The person, or the browser for them, has said no.
    Denied,
    /// It has not been asked, or is not told.
    Off,
    /// It has an address to be told at.
    On,
}

/// Why it did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The person, or the browser for them, has said no.
    Denied,
    /// The person has closed the question.
    NotAnswered,
    /// There is no service worker to be told, or not yet.
    NotReady,
    /// The browser has not reached its maker's push service.
    NoService,
    /// The server.
    Server(Failure),
}

/// How things stand in this browser.
pub(crate) async fn here() -> Here {
    if let Some(cannot) = cannot() {
        return Here::Cannot(cannot);
    }
    match Notification::permission() {
        NotificationPermission::Denied => Here::Denied,
        NotificationPermission::Granted if current().await.is_some() => Here::On,
        _ => Here::Off,
    }
}

fn cannot() -> Option<Cannot> {
    let window = web_sys::window()?;
    let has = |name: &str| Reflect::has(&window, &name.into()).unwrap_or(false);
    let secure = Reflect::get(&window, &"isSecureContext".into());
    if secure.is_ok_and(|secure| secure.is_falsy()) {
        return Some(Cannot::Insecure);
    }
    if has("PushManager") && has("Notification") {
        return None;
    }
    let navigator = window.navigator();
    let agent = navigator.user_agent().unwrap_or_default();
    // An iPad calls itself a Mac.
    let touched = agent.contains("Macintosh") && navigator.max_touch_points() > 1;
    let apple = touched || ["iPhone", "iPad", "iPod"].iter().any(|name| agent.contains(name));
    Some(if apple {
        Cannot::NotOnHomeScreen
    } else {
        Cannot::Unknown
    })
}

async fn manager() -> Option<PushManager> {
    worker::ready().await?.push_manager().ok()
}

async fn current() -> Option<PushSubscription> {
    let manager = manager().await?;
    let found = JsFuture::from(manager.get_subscription().ok()?).await.ok()?;
    found.dyn_into().ok()
}

/// Asks the person, if they have not been, and lets the browser be told.
///
/// # Errors
/// See [`Trouble`].
pub(crate) async fn turn_on(api: &Api, key: &str, previews: bool) -> Result<Push, Trouble> {
    let asked = Notification::request_permission().ok().ok_or(Trouble::Denied)?;
    drop(JsFuture::from(asked).await);
    match Notification::permission() {
        NotificationPermission::Granted => {}
        NotificationPermission::Denied => return Err(Trouble::Denied),
        _ => return Err(Trouble::NotAnswered),
    }
    let subscription = subscribe(key).await?;
    tell(api, &subscription, previews).await.map_err(Trouble::Server)
}

/// The address for this server's key. One for another key, of a server that was here before, is given up.
async fn subscribe(key: &str) -> Result<PushSubscription, Trouble> {
    let manager = manager().await.ok_or(Trouble::NotReady)?;
    let options = PushSubscriptionOptionsInit::new();
    options.set_user_visible_only(true);
    options.set_application_server_key_opt_str(Some(key));
    let attempt = async || JsFuture::from(manager.subscribe_with_options(&options)?).await;
    let outcome = match attempt().await {
        Err(error) if is_other_key(&error) => {
            give_up().await;
            attempt().await
        }
        outcome => outcome,
    };
    let subscription = outcome.and_then(JsCast::dyn_into).ok();
    subscription.ok_or(Trouble::NoService)
}

async fn give_up() {
    if let Some(subscription) = current().await
        && let Ok(given_up) = subscription.unsubscribe()
    {
        drop(JsFuture::from(given_up).await);
    }
}

fn is_other_key(error: &JsValue) -> bool {
    error
        .dyn_ref::<DomException>()
        .is_some_and(|error| error.name() == "InvalidStateError")
}

/// Changes whether the browser shows what was written.
///
/// # Errors
/// See [`Trouble`].
pub(crate) async fn set_previews(api: &Api, previews: bool) -> Result<Push, Trouble> {
    let subscription = current().await.ok_or(Trouble::NoService)?;
    tell(api, &subscription, previews).await.map_err(Trouble::Server)
}

/// The browser is told no more.
///
/// # Errors
/// When the server was not reached; the browser gives its address up all the same.
pub(crate) async fn turn_off(api: &Api) -> Result<(), Failure> {
    storage::remove(TOLD);
    give_up().await;
    api.send(&UnsubscribePush {}, &Nothing).await.map(drop)
}

/// As `PushSubscription.toJSON` writes it.
#[derive(Deserialize)]
struct Written {
    endpoint: String,
    keys: Keys,
}

#[derive(Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

fn written(text: &str, previews: bool) -> Option<NewPushSubscription> {
    let Written { endpoint, keys } = serde_json::from_str(text).ok()?;
    Some(NewPushSubscription {
        endpoint,
        p256dh: keys.p256dh,
        auth: keys.auth,
        previews,
    })
}

async fn tell(api: &Api, subscription: &PushSubscription, previews: bool) -> Result<Push, Failure> {
    let text = JSON::stringify(subscription).ok().map(String::from);
    let new = text
        .and_then(|text| written(&text, previews))
        .ok_or(Failure::Garbled)?;
    let push = api.send(&SubscribePush {}, &new).await?;
    storage::set(TOLD, &noted(&new.endpoint, previews));
    Ok(push)
}

fn noted(endpoint: &str, previews: bool) -> String {
    format!("{}{endpoint}", if previews { WITH_PREVIEWS } else { WITHOUT })
}

/// A browser changes its address now and then, while no page is there to say so: the server learns it with the next one.
pub(crate) fn follow(api: &Api) {
    let Some(told) = storage::get(TOLD) else {
        return;
    };
    let api = api.clone();
    spawn(async move {
        if let Some(subscription) = current().await {
            let previews = told.starts_with(WITH_PREVIEWS);
            if told != noted(&subscription.endpoint(), previews) {
                drop(tell(&api, &subscription, previews).await);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_at_the_address_that_it_gives() {
        let text = r#"{"endpoint":"https://push.example/a","expirationTime":null,"keys":{"p256dh":"B_-","auth":"A"}}"#;
        let new = written(text, true);
        assert_eq!(
            new.map(|new| (new.endpoint, new.p256dh, new.auth, new.previews)),
            Some((
                "https://push.example/a".to_owned(),
                "B_-".to_owned(),
                "A".to_owned(),
                true
            ))
        );
        assert!(written(r#"{"endpoint":"https://push.example/a"}"#, true).is_none());
        assert_ne!(noted("https://a", true), noted("https://a", false));
    }
}
