//! That one is asked to come, and what became of it.

use hearth_shared::blocks::BlockPerson;
use hearth_shared::conversations::groups::NewGroup;
use hearth_shared::conversations::members::{DeclineGroupInvitation, WithdrawInvitation};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::leaving::OwnMessages;
use hearth_shared::notifications::NotificationFilter;
use hearth_shared::problem::ErrorCode;

use super::{NONE, end, friends, list, news, rename, see, unseen};
use crate::administration::deletion;
use crate::everywhere;
use crate::groups::{check, invite, join, leave, make, private, remove};
use crate::support::{Device, TestApp};

everywhere! {
    async fn an_invitation_is_told_and_says_what_became_of_it(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        friends(&app, &ada, &[&ben]).await;
        let mut his = Device::start(&app, &ben).await;
        let id = make(&app, &ada, &NewGroup { user_ids: vec![ben.id()], ..private("Garden week") }).await.id;
        assert_eq!(news(&app, &ben).await, ["asked ada: Garden week"]);
        assert_eq!(unseen(&app, &ben).await, 1);
        check(&app, &mut his).await;
        for other in [&ada, &dan] {
            assert_eq!(news(&app, other).await, NONE, "nobody else is told");
        }
        // Asked once more nothing is told; called something else, the card says so, and is no news.
        see(&app, &ben).await;
        assert_eq!(invite(&app, &ada, id, &[&ben]).await.unwrap().count, 0);
        rename(&app, &ada, id, "Garden month").await;
        assert_eq!(news(&app, &ben).await, ["asked ada: Garden month"]);
        assert_eq!(unseen(&app, &ben).await, 0);
        check(&app, &mut his).await;
        // Nothing is left of what is declined, or taken back.
        ben.call(&app, &DeclineGroupInvitation { conversation_id: id }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ben).await, NONE);
        check(&app, &mut his).await;
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (1, 1));
        let withdraw = WithdrawInvitation { conversation_id: id, user_id: ben.id() };
        ada.call(&app, &withdraw, &Nothing).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        check(&app, &mut his).await;
        // What is accepted says so, and is read by that; until he goes.
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        join(&app, &ben, id).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["joined ada: Garden month"]);
        assert!(list(&app, &ben, NotificationFilter::Unread).await.is_empty());
        check(&app, &mut his).await;
        rename(&app, &ada, id, "Garden year").await;
        assert_eq!(news(&app, &ben).await, ["joined ada: Garden year"]);
        leave(&app, &ben, id).await.unwrap();
        assert_eq!(news(&app, &ben).await, NONE);
        // Once more, from the beginning; and removed.
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["asked ada: Garden year"]);
        join(&app, &ben, id).await.unwrap();
        remove(&app, &ada, id, &ben).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        check(&app, &mut his).await;
    }

    /// Whoever asks is a friend, who does not go, and the group is there.
    async fn what_nobody_can_accept_any_more_is_not_told(app: TestApp) {
        let (ada, ben, cleo, dan) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await, app.person("dan").await);
        friends(&app, &ada, &[&ben, &cleo, &dan]).await;
        let mut devices = Vec::new();
        for person in [&ben, &cleo, &dan] {
            devices.push(Device::start(&app, person).await);
        }
        let guests = vec![ben.id(), cleo.id(), dan.id()];
        let id = make(&app, &ada, &NewGroup { user_ids: guests, ..private("Garden week") }).await.id;
        for device in &mut devices {
            check(&app, device).await;
            assert_eq!(news(&app, &device.person).await, ["asked ada: Garden week"]);
        }
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        cleo.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        for (device, left) in devices.iter_mut().zip([0, 0, 1]) {
            assert_eq!((news(&app, &device.person).await.len(), unseen(&app, &device.person).await), (left, left as u32));
            check(&app, device).await;
        }
        end(&app, &ada, id).await;
        assert_eq!(news(&app, &dan).await, NONE);
        check(&app, &mut devices[2]).await;
        // The account of whoever asks.
        let id = make(&app, &ada, &NewGroup { user_ids: vec![dan.id()], ..private("Garden month") }).await.id;
        assert_eq!((news(&app, &dan).await.len(), unseen(&app, &dan).await), (1, 1));
        assert_eq!(deletion::leave(&app, &ada, "kitchen table nine", OwnMessages::Keep).await.status, 202);
        deletion::end(&app, &ada).await;
        assert_eq!((news(&app, &dan).await.len(), unseen(&app, &dan).await), (0, 0));
        assert_eq!(join(&app, &dan, id).await.err(), Some(ErrorCode::NotFound));
        check(&app, &mut devices[2]).await;
    }

    /// Many are told as one is.
    async fn everybody_who_is_asked_is_told(app: TestApp) {
        let ada = app.person("ada").await;
        let mut guests = Vec::new();
        for number in 0..12 {
            let guest = app.person(&format!("guest_{number}")).await;
            friends(&app, &ada, &[&guest]).await;
            guests.push(guest);
        }
        let id = make(&app, &ada, &private("Garden week")).await.id;
        invite(&app, &ada, id, &guests.iter().collect::<Vec<_>>()).await.unwrap();
        for guest in &guests {
            assert_eq!((news(&app, guest).await, unseen(&app, guest).await), (vec!["asked ada: Garden week".to_owned()], 1));
        }
        join(&app, &guests[0], id).await.unwrap();
        let all = guests.iter().map(|guest| format!("@{}", guest.username())).collect::<Vec<_>>().join(" ");
        ada.say(&app, id, &all).await.unwrap();
        assert_eq!(news(&app, &guests[0]).await.len(), 2, "who is in it is named");
        assert_eq!(news(&app, &guests[1]).await.len(), 1, "who is asked is not");
        end(&app, &ada, id).await;
        for guest in &guests {
            assert_eq!((news(&app, guest).await.len(), unseen(&app, guest).await), (0, 0));
        }
        crate::authorization::settle(&app).await;
        let sql = "SELECT COUNT(*) AS number FROM message_mentions".to_owned();
        assert_eq!(crate::authorization::count(&app, sql).await, 0);
    }
}
