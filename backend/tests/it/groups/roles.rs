//! Who may do what in a group, and whose it is when its owner goes.

use hearth_shared::conversations::groups::{NewGroup, Role};
use hearth_shared::conversations::members::LineKind;
use hearth_shared::endpoint::Nothing;
use hearth_shared::leaving::{DeleteAccount, DeleteMe, OwnMessages};
use hearth_shared::problem::ErrorCode;

use super::{check, invite, join, leave, lines, make, members, private, promote, public, remove};
use crate::administration::{PASSWORD, end};
use crate::everywhere;
use crate::support::{Device, TestApp};

everywhere! {
    async fn roles_are_given_and_decide(app: TestApp) {
        let names = ["ada", "ben", "cleo", "dan"];
        let mut people = Vec::new();
        for name in names {
            people.push(app.person(name).await);
        }
        let [ada, ben, cleo, dan] = &people[..] else { panic!() };
        let id = make(&app, ada, &public("Garden week")).await.id;
        for person in [ben, cleo, dan] {
            join(&app, person, id).await.unwrap();
        }
        let mut hers = Device::start(&app, cleo).await;
        // Members remove nobody, and give nobody a role.
        assert_eq!(remove(&app, ben, id, cleo).await, Err(ErrorCode::Forbidden));
        assert_eq!(promote(&app, ben, id, ben, Role::Admin).await.err(), Some(ErrorCode::Forbidden));
        assert_eq!(promote(&app, ada, id, ben, Role::Admin).await.unwrap().role, Role::Admin);
        assert_eq!(promote(&app, ada, id, cleo, Role::Admin).await.unwrap().role, Role::Admin);
        // Administrators remove members, not each other, not the owner; and themselves nobody.
        assert_eq!(remove(&app, ben, id, cleo).await, Err(ErrorCode::Forbidden));
        assert_eq!(remove(&app, ben, id, ada).await, Err(ErrorCode::Forbidden));
        assert_eq!(remove(&app, ben, id, ben).await, Err(ErrorCode::Forbidden));
        assert_eq!(promote(&app, ben, id, dan, Role::Admin).await.err(), Some(ErrorCode::Forbidden));
        remove(&app, ben, id, dan).await.unwrap();
        assert_eq!(remove(&app, ben, id, dan).await, Err(ErrorCode::NotFound));
        // The owner cannot give away what they are but to somebody.
        assert_eq!(promote(&app, ada, id, ada, Role::Member).await.err(), Some(ErrorCode::Forbidden));
        assert_eq!(promote(&app, ada, id, dan, Role::Owner).await.err(), Some(ErrorCode::NotFound));
        promote(&app, ada, id, cleo, Role::Owner).await.unwrap();
        check(&app, &mut hers).await;
        assert_eq!(hers.replica.conversations.find(id).unwrap().my_role, Some(Role::Owner));
        assert_eq!(members(&app, ben, id).await, {
            let mut admins = [(ada.id(), Role::Admin), (ben.id(), Role::Admin)];
            admins.sort_by_key(|(id, _)| *id);
            [vec![(cleo.id(), Role::Owner)], admins.to_vec()].concat()
        });
        assert_eq!(promote(&app, ada, id, ben, Role::Member).await.err(), Some(ErrorCode::Forbidden), "no longer hers");
        promote(&app, cleo, id, ada, Role::Member).await.unwrap();
        let told: Vec<_> = lines(&app, ben, id).await.into_iter().skip(4).map(|line| (line.kind, line.actor.id, line.subject.id, line.role)).collect();
        let role = LineKind::RoleChanged;
        assert_eq!(told, [
            (role, ada.id(), ben.id(), Some(Role::Admin)),
            (role, ada.id(), cleo.id(), Some(Role::Admin)),
            (LineKind::Removed, ben.id(), dan.id(), None),
            (role, ada.id(), cleo.id(), Some(Role::Owner)),
            (role, ada.id(), ada.id(), Some(Role::Admin)),
            (role, cleo.id(), ada.id(), Some(Role::Member)),
        ]);
    }

    /// An administrator before a member, and of several whoever has been in it longest; the last one ends it.
    async fn a_group_has_an_owner_as_long_as_anybody_is_in_it(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cleo] {
            join(&app, person, id).await.unwrap();
        }
        promote(&app, &ada, id, &cleo, Role::Admin).await.unwrap();
        let mut hers = Device::start(&app, &cleo).await;
        leave(&app, &ada, id).await.unwrap();
        check(&app, &mut hers).await;
        assert_eq!(hers.replica.conversations.find(id).unwrap().my_role, Some(Role::Owner));
        assert_eq!(members(&app, &ben, id).await, [(cleo.id(), Role::Owner), (ben.id(), Role::Member)]);
        leave(&app, &cleo, id).await.unwrap();
        assert_eq!(members(&app, &ben, id).await, [(ben.id(), Role::Owner)]);
        leave(&app, &ben, id).await.unwrap();
        assert_eq!(join(&app, &ada, id).await.err(), Some(ErrorCode::NotFound));
        crate::authorization::settle(&app).await;
    }

    /// Whose account goes, goes out of their groups like anybody, and asks nobody any more.
    async fn whoever_is_deleted_leaves_their_groups(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let id = make(&app, &ada, &NewGroup { user_ids: vec![ben.id(), cleo.id()], ..private("Garden week") }).await.id;
        let alone = make(&app, &ada, &public("hers")).await.id;
        join(&app, &ben, id).await.unwrap();
        ada.say(&app, id, "so long").await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        let wish = DeleteAccount { password: PASSWORD.into(), code: None, messages: OwnMessages::Keep };
        assert_eq!(app.ask(ada.token(), &DeleteMe {}, &Nothing, &wish).await.status, 202);
        end(&app, &ada).await;
        his.settle_with(&app).await;
        let shown = his.replica.conversations.find(id).unwrap();
        assert_eq!((shown.my_role, shown.member_count), (Some(Role::Owner), 1));
        assert_eq!(members(&app, &ben, id).await, [(ben.id(), Role::Owner)]);
        assert_eq!(join(&app, &cleo, id).await.err(), Some(ErrorCode::NotFound), "who asked her is gone");
        assert_eq!(join(&app, &ben, alone).await.err(), Some(ErrorCode::NotFound));
        crate::authorization::settle(&app).await;
        app.befriend(&ben, &cleo).await;
        invite(&app, &ben, id, &[&cleo]).await.unwrap();
        join(&app, &cleo, id).await.unwrap();
    }
}
