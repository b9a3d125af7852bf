//! One's signed-in devices.

use hearth_shared::auth::{EndOtherSessions, EndSession, ListSessions};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{Id, SessionId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::users::GetMe;

use super::{device, execute, until};
use crate::everywhere;
use crate::support::{Person, Socket, TestApp};

async fn listed(app: &TestApp, person: &Person) -> Vec<(SessionId, bool)> {
    let devices = person.call(app, &ListSessions {}, &Nothing).await.unwrap();
    devices
        .items
        .iter()
        .map(|device| (device.id, device.current))
        .collect()
}

async fn closed(mut socket: Socket) -> u16 {
    let closed = tokio::time::timeout(std::time::Duration::from_secs(10), &mut socket.closed);
    closed.await.unwrap().unwrap()
}

everywhere! {
    async fn a_device_is_listed_and_signed_out_from_another(app: TestApp) {
        let laptop = app.person("ada").await;
        let phone = device(&app, "ada").await;
        let ben = app.person("ben").await;
        let (l, p) = (laptop.session.session_id, phone.session.session_id);
        assert_eq!(listed(&app, &laptop).await, [(p, false), (l, true)], "the newest first");
        assert_eq!(listed(&app, &phone).await, [(p, true), (l, false)]);
        // On each node, so that one of them is not that of the request.
        let mut sockets = Vec::new();
        for base in app.bases() {
            sockets.push(Socket::connect(base, &phone).await);
        }
        let hidden = ben.call(&app, &EndSession { session_id: p }, &Nothing).await;
        assert_eq!(hidden.unwrap_err(), ErrorCode::NotFound);
        laptop.call(&app, &EndSession { session_id: p }, &Nothing).await.unwrap();
        for socket in sockets {
            assert_eq!(closed(socket).await, CloseCode::SessionEnded.code());
        }
        until("the phone is out", async || {
            phone.call(&app, &GetMe {}, &Nothing).await == Err(ErrorCode::Unauthenticated)
        }).await;
        assert_eq!(listed(&app, &laptop).await, [(l, true)]);
        let again = laptop.call(&app, &EndSession { session_id: p }, &Nothing).await;
        assert_eq!(again.unwrap_err(), ErrorCode::NotFound, "it is over");
        let missing = EndSession { session_id: SessionId::new(4_611_686_018_427_387_904) };
        assert_eq!(laptop.call(&app, &missing, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
    }

    async fn all_others_are_signed_out_at_once(app: TestApp) {
        let laptop = app.person("ada").await;
        let others = [device(&app, "ada").await, device(&app, "ada").await];
        let ben = app.person("ben").await;
        laptop.call(&app, &EndOtherSessions {}, &Nothing).await.unwrap();
        for other in &others {
            until("out", async || {
                other.call(&app, &GetMe {}, &Nothing).await == Err(ErrorCode::Unauthenticated)
            }).await;
        }
        assert_eq!(listed(&app, &laptop).await.len(), 1);
        assert_eq!(listed(&app, &ben).await.len(), 1, "nobody else");
    }

    async fn what_has_not_been_used_for_two_weeks_is_not_listed(app: TestApp) {
        let laptop = app.person("ada").await;
        execute(&app, "UPDATE sessions SET rotated_at = rotated_at - 1209600001").await;
        let phone = device(&app, "ada").await;
        let left: Vec<_> = listed(&app, &phone).await.into_iter().map(|(id, _)| id).collect();
        assert_eq!(left, [phone.session.session_id]);
        drop(laptop);
    }

    async fn no_more_than_twenty_devices(app: TestApp) {
        let first = app.person("ada").await;
        let mut newest = first.clone();
        for _ in 0..20 {
            newest = device(&app, "ada").await;
        }
        let ids = listed(&app, &newest).await;
        assert_eq!(ids.len(), 20);
        assert!(ids.iter().all(|(id, _)| *id != first.session.session_id));
    }
}
