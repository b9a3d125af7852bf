//! The pictures of groups: who sets them, who sees them, and how they go.

use futures_util::future::join;
use hearth::features::media::clean::{GRACE, collect_orphans};
use hearth::features::media::service::used;
use hearth::platform::clock;
use hearth_shared::conversations::groups::{GetGroup, NewGroup, RemoveGroupPicture, Role};
use hearth_shared::conversations::members::{DeclineGroupInvitation, LineKind};
use hearth_shared::conversations::{Conversation, GetConversation};
use hearth_shared::endpoint::{Method, Nothing};
use hearth_shared::ids::ConversationId;
use hearth_shared::leaving::{DeleteAccount, DeleteMe, OwnMessages};
use hearth_shared::media::DeleteMedia;
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;

use super::{check, join as come, leave, lines, make, private, promote, public, remove};
use crate::administration::{PASSWORD, end};
use crate::everywhere;
use crate::support::pictures::{Form, jpeg, stored, upload};
use crate::support::{Answer, Device, Person, TestApp};

/// Files that are kept of one picture.
const FILES: usize = 5;

async fn send(app: &TestApp, who: &Person, id: ConversationId, form: Form) -> Answer {
    let path = format!("/groups/{id}/picture");
    form.send(app, Some(who), Method::Put, &path).await
}

fn file() -> Form {
    Form::new().file("lake.jpg", &jpeg(80, 60))
}

/// Gives a group a picture; tells where it is.
pub(crate) async fn set(app: &TestApp, who: &Person, id: ConversationId) -> String {
    let answer = send(app, who, id, file()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let now: Conversation = serde_json::from_str(&answer.text).unwrap();
    now.group.unwrap().picture_url.unwrap()
}

async fn take_away(app: &TestApp, who: &Person, conversation_id: ConversationId) -> Result<(), ErrorCode> {
    let call = RemoveGroupPicture { conversation_id };
    who.call(app, &call, &Nothing).await.map(drop)
}

/// What somebody gets at an address.
async fn look(app: &TestApp, who: &Person, address: &str) -> u16 {
    let answer = app.raw(Method::Get, address, who.token(), None::<&()>).await;
    if answer.status == 200 {
        assert_eq!(answer.header("content-type"), "image/jpeg");
        assert_eq!(answer.header("cache-control"), "private, no-cache");
    }
    answer.status
}

/// The same for several.
async fn all_look(app: &TestApp, people: &[&Person], address: &str) -> Vec<u16> {
    let mut answers = Vec::new();
    for who in people {
        answers.push(look(app, who, address).await);
    }
    answers
}

async fn shown(app: &TestApp, who: &Person, conversation_id: ConversationId) -> Option<String> {
    let call = GetConversation { conversation_id };
    let now = who.call(app, &call, &Nothing).await.unwrap();
    now.group.unwrap().picture_url
}

/// Whatever has belonged to nothing for a day is cleared away. Gives how many files are left.
async fn clear(app: &TestApp) -> usize {
    let grace = i64::try_from(GRACE.as_millis()).unwrap();
    let later = Timestamp::from_millis(clock::now().as_millis() + grace + 60_000);
    collect_orphans(&app.servers()[0].media, later).await.unwrap();
    stored(app).len()
}

/// Bytes that somebody's files take.
async fn room(app: &TestApp, who: &Person) -> u64 {
    let owner = who.id();
    let used = app.db().read(move |conn| used(conn, owner));
    used.await.unwrap()
}

everywhere! {
    /// Those who are in a private group and those who are invited, from the moment on and up to the moment at which they are.
    async fn a_picture_is_for_those_who_may_see_the_group(app: TestApp) {
        let (ada, ben, cleo, dan) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let all = [&ada, &ben, &cleo, &dan];
        let id = make(&app, &ada, &NewGroup { user_ids: vec![ben.id(), cleo.id()], ..private("Garden week") }).await.id;
        come(&app, &ben, id).await.unwrap();
        let (mut his, mut hers) = (Device::start(&app, &ben).await, Device::start(&app, &cleo).await);
        let address = set(&app, &ada, id).await;
        for device in [&mut his, &mut hers] {
            check(&app, device).await;
        }
        let listed = his.replica.conversations.find(id).unwrap().group.clone().unwrap();
        assert_eq!(listed.picture_url.as_ref(), Some(&address));
        let asked = &hers.replica.invitations.items[0].group.group;
        assert_eq!(asked.picture_url.as_ref(), Some(&address), "those who are invited are told, too");
        assert_eq!(lines(&app, &ben, id).await.last().map(|line| (line.kind, line.actor.id)), Some((LineKind::Pictured, ada.id())));
        assert_eq!(all_look(&app, &all, &address).await, [200, 200, 200, 404]);
        assert_eq!(look(&app, &ben, &listed.large_picture_url().unwrap()).await, 200);
        let nobody = app.raw(Method::Get, &address, None, None::<&()>).await;
        assert_eq!(nobody.status, 401, "the address alone opens nothing");
        for wrong in [address.replace("-128", "-129"), address.replace("-128", ""), address.replace("-128", "x-128"), format!("{address}-128")] {
            assert_eq!(look(&app, &ada, &wrong).await, 404, "{wrong}");
        }
        // It is that of one group.
        let other = make(&app, &ada, &public("Garden month")).await.id;
        assert_eq!(look(&app, &ada, &address.replace(&id.to_string(), &other.to_string())).await, 404);
        // Another one, and what there was is gone at once.
        let next = set(&app, &ada, id).await;
        assert_ne!(next, address);
        assert_eq!(look(&app, &ada, &address).await, 404);
        assert_eq!(all_look(&app, &all, &next).await, [200, 200, 200, 404]);
        // Who goes, and who does not come, sees it no more.
        remove(&app, &ada, id, &ben).await.unwrap();
        let decline = DeclineGroupInvitation { conversation_id: id };
        cleo.call(&app, &decline, &Nothing).await.unwrap();
        assert_eq!(all_look(&app, &all, &next).await, [200, 404, 404, 404]);
        // Everybody may look at a public group.
        let open = set(&app, &ada, other).await;
        assert_eq!(all_look(&app, &all, &open).await, [200; 4]);
        let card = dan.call(&app, &GetGroup { conversation_id: other }, &Nothing).await.unwrap();
        assert_eq!(card.group.picture_url, Some(open));
    }

    async fn whoever_manages_a_group_sets_it_and_takes_it_away(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        come(&app, &ben, id).await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        for (who, status, code) in [(&ben, 403, ErrorCode::Forbidden), (&dan, 404, ErrorCode::NotFound)] {
            assert_eq!(send(&app, who, id, file()).await.status, status);
            assert_eq!(take_away(&app, who, id).await.err(), Some(code));
        }
        assert!(stored(&app).is_empty());
        for (form, status) in [(Form::new(), 422), (Form::new().file("x.jpg", b"no picture"), 422)] {
            assert_eq!(send(&app, &ada, id, form).await.status, status);
        }
        // Without one there is nothing to take away, and nothing happens.
        let before = lines(&app, &ada, id).await;
        take_away(&app, &ada, id).await.unwrap();
        assert_eq!(lines(&app, &ada, id).await, before);
        promote(&app, &ada, id, &ben, Role::Admin).await.unwrap();
        // Of a picture that he has, which others' cannot.
        let (own, hers) = (upload(&app, &ben).await, upload(&app, &ada).await);
        assert_eq!(send(&app, &ben, id, Form::new().field("media_id", hers.id)).await.status, 422);
        let part = Form::new().field("media_id", own.id).field("crop_x", 10).field("crop_y", 0).field("crop_size", 40);
        assert_eq!(send(&app, &ben, id, part).await.status, 200);
        check(&app, &mut his).await;
        // She takes away what he has set.
        take_away(&app, &ada, id).await.unwrap();
        check(&app, &mut his).await;
        assert_eq!(his.replica.conversations.find(id).unwrap().group.clone().unwrap().picture_url, None);
    }

    /// One comes after the other; who manages it no longer in that moment does nothing.
    async fn what_happens_at_once_leaves_one_picture(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        come(&app, &ben, id).await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        for _ in 0..3 {
            promote(&app, &ada, id, &ben, Role::Admin).await.unwrap();
            let (hers, theirs) = join(send(&app, &ada, id, file()), send(&app, &ben, id, file())).await;
            assert_eq!((hers.status, theirs.status), (200, 200));
            let (late, role) = join(send(&app, &ben, id, file()), promote(&app, &ada, id, &ben, Role::Member)).await;
            role.unwrap();
            assert!([200, 403].contains(&late.status), "{late:?}");
        }
        check(&app, &mut his).await;
        assert_eq!(clear(&app).await, FILES);
        let address = shown(&app, &ben, id).await.unwrap();
        assert_eq!(look(&app, &ben, &address).await, 200);
    }

    /// It takes of the room of whoever chose it, stays when they leave, and goes with its file, the group, or their account.
    async fn a_picture_goes_with_its_group_and_with_its_owner(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        come(&app, &ben, id).await.unwrap();
        promote(&app, &ada, id, &ben, Role::Admin).await.unwrap();
        let mut hers = Device::start(&app, &ada).await;
        let address = set(&app, &ben, id).await;
        assert!(room(&app, &ben).await > 0);
        leave(&app, &ben, id).await.unwrap();
        assert_eq!(look(&app, &ada, &address).await, 200, "it is the group's");
        assert_eq!(clear(&app).await, FILES);
        // He removes his file, in the group or not.
        let name = address.rsplit('/').next().unwrap();
        let call = DeleteMedia { media_id: name.trim_end_matches("-128").parse().unwrap() };
        assert_eq!(ada.call(&app, &call, &Nothing).await.err(), Some(ErrorCode::NotFound));
        ben.call(&app, &call, &Nothing).await.unwrap();
        check(&app, &mut hers).await;
        assert_eq!(shown(&app, &ada, id).await, None);
        assert!(stored(&app).is_empty());
        // A group that ends.
        let own = make(&app, &ben, &private("his")).await.id;
        set(&app, &ben, own).await;
        leave(&app, &ben, own).await.unwrap();
        crate::authorization::settle(&app).await;
        assert_eq!(clear(&app).await, 0);
        assert_eq!(room(&app, &ben).await, 0);
        // An account that is about to go shows nothing, and then its pictures are gone.
        come(&app, &ben, id).await.unwrap();
        promote(&app, &ada, id, &ben, Role::Admin).await.unwrap();
        let address = set(&app, &ben, id).await;
        leave(&app, &ben, id).await.unwrap();
        let wish = DeleteAccount { password: PASSWORD.into(), code: None, messages: OwnMessages::Keep };
        assert_eq!(app.ask(ben.token(), &DeleteMe {}, &Nothing, &wish).await.status, 202);
        assert_eq!(look(&app, &ada, &address).await, 404);
        end(&app, &ben).await;
        // His name, which he has no more, still stands in what she has.
        hers.settle_with(&app).await;
        let seen = hers.replica.conversations.find(id).unwrap().group.clone().unwrap();
        assert_eq!((seen.picture_url, shown(&app, &ada, id).await), (None, None));
        assert!(stored(&app).is_empty());
        // Nothing of it is in the way of the next.
        set(&app, &ada, id).await;
    }
}
