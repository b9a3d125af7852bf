//! The time: now, in the reader's zone, and a tick for everything that says "4 min ago".

use std::cell::Cell;

use hearth_shared::time::Timestamp;
use js_sys::Intl::DateTimeFormat;
use js_sys::{Date, Reflect};
use wasm_bindgen::JsValue;

use crate::store::Store;
use crate::text::time::Local;

const TICK_MILLIS: u32 = 30_000;
const DAY_MILLIS: f64 = 86_400_000.0;

thread_local! {
    static TICK: Store<Timestamp> = Store::new(now());
    /// The last reading of the device's clock, and what [`elapsed`] said then.
    static ELAPSED: Cell<(f64, f64)> = Cell::new((Date::now(), 0.0));
}

/// The moment as of the last tick: one for the page, so that all ages change together.
pub(crate) fn tick() -> Store<Timestamp> {
    TICK.with(Store::clone)
}

/// Starts the tick; once, for the life of the page.
pub(crate) fn start() {
    Interval::new(TICK_MILLIS, || tick().change(|at| *at = now())).forget();
}

/// This moment.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(Date::now() as i64)
}

/// A moment as the API writes it.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let millis = Date::parse(text);
    millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
}

/// Milliseconds since the page began, also those in which the computer slept, which the browser's own
/// monotonic clock leaves out. Never runs backwards: a clock that is set back only stands still for a moment.
pub(crate) fn elapsed() -> u64 {
    let now = Date::now();
    let (before, sum) = ELAPSED.get();
    let sum = sum + (now - before).max(0.0);
    ELAPSED.set((now, sum));
    sum as u64
}

/// A moment in the reader's zone.
pub(crate) fn local(at: Timestamp) -> Local {
    let millis = at.as_millis() as f64;
    let date = Date::new(&JsValue::from_f64(millis));
    let zone_millis = date.get_timezone_offset() * 60_000.0;
    Local {
        year: date.get_full_year(),
        month: date.get_month(),
        day: date.get_date(),
        weekday: date.get_day(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
        day_number: ((millis - zone_millis) / DAY_MILLIS).floor() as i64,
    }
}

/// The name of the reader's zone, such as `Europe/Berlin`; that of all zones where the browser does not say.
pub(crate) fn time_zone() -> String {
    let options = DateTimeFormat::default().resolved_options();
    Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// Waits.
pub(crate) async fn sleep(millis: u32) {
    gloo_timers::future::TimeoutFuture::new(millis).await;
}

/// Does something once what is being done now is over.
pub(crate) fn afterwards(act: impl FnOnce() + 'static) {
    Timeout::new(0, act).forget();
}

pub(crate) use gloo_timers::callback::{Interval, Timeout};
