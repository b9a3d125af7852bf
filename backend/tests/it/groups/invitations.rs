//! Asking people into groups.

use hearth_shared::blocks::BlockPerson;
use hearth_shared::conversations::groups::{CreateGroup, GetGroup, INVITED_AT_ONCE, NewGroup};
use hearth_shared::conversations::members::{
    DeclineGroupInvitation, InviteToGroup, Invitees, ListGroupInvitations, ListInvitees, WithdrawInvitation,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::page::PageQuery;
use hearth_shared::problem::ErrorCode;

use super::{check, invite, join, make, private};
use crate::everywhere;
use crate::support::{Device, TestApp};

everywhere! {
    async fn an_invitation_is_answered_or_taken_back(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let id = make(&app, &ada, &private("Garden week")).await.id;
        let mut his = Device::start(&app, &ben).await;
        assert_eq!(invite(&app, &ada, id, &[&ben]).await.unwrap().count, 1);
        assert_eq!(invite(&app, &ada, id, &[&ben, &ada]).await.err(), Some(ErrorCode::NotFriends), "not even oneself");
        assert_eq!(invite(&app, &ada, id, &[&ben]).await.unwrap().count, 0);
        let card = ben.call(&app, &GetGroup { conversation_id: id }, &Nothing).await.unwrap();
        assert_eq!((card.invited, card.my_role, card.member_count), (true, None, 1));
        check(&app, &mut his).await;
        let asked = &his.replica.invitations.items;
        assert_eq!((asked.len(), asked[0].by.id, asked[0].group.group.title.as_str()), (1, ada.id(), "Garden week"));
        let call = ListInvitees { conversation_id: id };
        let open = ada.call(&app, &call, &Nothing).await.unwrap();
        assert_eq!(open.items.iter().map(|known| (known.user.id, known.by.id)).collect::<Vec<_>>(), [(ben.id(), ada.id())]);
        // He declines; she asks again and takes it back.
        let decline = DeclineGroupInvitation { conversation_id: id };
        ben.call(&app, &decline, &Nothing).await.unwrap();
        ben.call(&app, &decline, &Nothing).await.unwrap();
        check(&app, &mut his).await;
        assert_eq!(his.replica.invitations.items, []);
        assert_eq!(join(&app, &ben, id).await.err(), Some(ErrorCode::NotFound));
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        let withdraw = WithdrawInvitation { conversation_id: id, user_id: ben.id() };
        ada.call(&app, &withdraw, &Nothing).await.unwrap();
        check(&app, &mut his).await;
        assert_eq!(his.replica.invitations.items, []);
        assert_eq!(ada.call(&app, &call, &Nothing).await.unwrap().items, []);
        // Who is in it is not asked.
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        join(&app, &ben, id).await.unwrap();
        assert_eq!(invite(&app, &ada, id, &[&ben]).await.unwrap().count, 0);
        check(&app, &mut his).await;
        assert_eq!(his.replica.invitations.items, []);
    }

    /// One wrong person, and nothing is made and nobody is asked.
    async fn only_friends_are_asked(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let nobody = UserId::new(4_611_686_018_427_387_904);
        for (other, error) in [(dan.id(), ErrorCode::NotFriends), (nobody, ErrorCode::NotFound)] {
            let new = NewGroup { user_ids: vec![ben.id(), other], ..private("Garden week") };
            assert_eq!(ada.call(&app, &CreateGroup {}, &new).await.err(), Some(error));
        }
        dan.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        let new = NewGroup { user_ids: vec![dan.id()], ..private("Garden week") };
        assert_eq!(ada.call(&app, &CreateGroup {}, &new).await.err(), Some(ErrorCode::NotFound), "hidden is missing");
        let many = (1..=INVITED_AT_ONCE + 1).map(|id| UserId::new(i64::try_from(id).unwrap()));
        let new = NewGroup { user_ids: many.collect(), ..private("Garden week") };
        assert_eq!(ada.call(&app, &CreateGroup {}, &new).await.err(), Some(ErrorCode::ValidationFailed));
        for title in ["", " \u{200b}", &"x".repeat(81), "a\u{7}"] {
            assert_eq!(ada.call(&app, &CreateGroup {}, &private(title)).await.err(), Some(ErrorCode::ValidationFailed), "{title:?}");
        }
        let sql = "SELECT COUNT(*) AS number FROM conversations".to_owned();
        assert_eq!(crate::authorization::count(&app, sql).await, 0);
        let id = make(&app, &ada, &private("Garden week")).await.id;
        let nobody = Invitees { user_ids: Vec::new() };
        let call = InviteToGroup { conversation_id: id };
        assert_eq!(ada.call(&app, &call, &nobody).await.err(), Some(ErrorCode::ValidationFailed));
        let page = ben.call_with(&app, &ListGroupInvitations {}, &PageQuery::default(), &Nothing).await.unwrap();
        assert_eq!(page.items, []);
    }

    /// What friends ask of each other ends with their friendship, and a block lets no name through.
    async fn who_parts_is_asked_no_more(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let id = make(&app, &ada, &NewGroup { user_ids: vec![ben.id(), cleo.id()], ..private("Garden week") }).await.id;
        let mut devices = [Device::start(&app, &ben).await, Device::start(&app, &cleo).await];
        assert!(devices.iter().all(|device| device.replica.invitations.items.len() == 1));
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        cleo.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        for device in &mut devices {
            device.settle_with(&app).await;
            assert_eq!(device.replica.invitations.items, []);
            assert_eq!(join(&app, &device.person, id).await.err(), Some(ErrorCode::NotFound));
        }
    }
}
