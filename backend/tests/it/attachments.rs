//! What is sent with messages: put there, seen by those who may read them, gone with them.

use hearth::features::media::clean::{GRACE, collect_orphans};
use hearth::platform::clock;
use hearth_shared::conversations::groups::{EndGroup, History, NewGroup};
use hearth_shared::conversations::{
    AddMessageReaction, Attachment, DeleteMessage, EditMessage, ListMessageMedia, ListMessages, Message,
    MessageMediaQuery, MessagePatch, MessagesQuery, NewMessage, SendMessage, WhichEmoji,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{ConversationId, Id, MediaId};
use hearth_shared::leaving::OwnMessages;
use hearth_shared::media::{
    CompleteUpload, CreateUpload, DeleteMedia, EditMedia, FinishUpload, Media, MediaKind, MediaPatch,
    NewUpload, UploadKind,
};
use hearth_shared::posts::{Audience, CreatePost, NewPost};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;

use crate::administration::PASSWORD;
use crate::administration::deletion::{end, leave};
use crate::everywhere;
use crate::groups::{join, leave as leave_group, make, public};
use crate::support::films::{self, Mp4};
use crate::support::pictures::{address, get, stored, upload};
use crate::support::{Device, Person, TestApp, client_id};

fn new(body: &str, media: &[&Media]) -> NewMessage {
    NewMessage {
        client_id: client_id(),
        body: body.to_owned(),
        reply_to_id: None,
        media_ids: media.iter().map(|media| media.id).collect(),
    }
}

pub(crate) async fn send(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
    body: &str,
    media: &[&Media],
) -> Result<Message, ErrorCode> {
    let call = SendMessage { conversation_id };
    by.call(app, &call, &new(body, media)).await
}

/// Brings any file.
pub(crate) async fn file(app: &TestApp, by: &Person, name: &str, bytes: &[u8]) -> Media {
    let new = NewUpload {
        client_id: client_id(),
        name: name.to_owned(),
        size: bytes.len() as u64,
        kind: UploadKind::File,
    };
    let begun = by.call(app, &CreateUpload {}, &new).await.unwrap();
    films::send(app, by, &begun, bytes).await;
    let call = CompleteUpload { upload_id: begun.id };
    by.call(app, &call, &FinishUpload::default()).await.unwrap()
}

/// What somebody gets who asks for the addresses of some.
async fn addresses(
    app: &TestApp,
    viewer: &Person,
    conversation_id: ConversationId,
    ids: &[MediaId],
) -> Vec<Media> {
    let call = ListMessageMedia { conversation_id };
    let query = MessageMediaQuery::of(ids);
    let mut items = viewer
        .call_with(app, &call, &query, &Nothing)
        .await
        .unwrap()
        .items;
    items.sort_by_key(|one| ids.iter().position(|id| *id == one.id));
    items
}

/// What the server answers to an address that is good for somebody.
async fn status(app: &TestApp, viewer: &Person, id: MediaId) -> u16 {
    get(app, &address(app, Some(viewer), id)).await.0
}

fn ids(message: &Message) -> Vec<MediaId> {
    message.attachments.iter().map(|one| one.id).collect()
}

/// The last message of a conversation, as somebody reads it.
async fn last(app: &TestApp, viewer: &Person, conversation_id: ConversationId) -> Message {
    let call = ListMessages { conversation_id };
    let page = viewer
        .call_with(app, &call, &MessagesQuery::default(), &Nothing)
        .await;
    page.unwrap().items.pop().unwrap()
}

/// The field that is refused, and why.
async fn refused(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
    new: &NewMessage,
) -> (String, String) {
    let answer = app
        .ask(by.token(), &SendMessage { conversation_id }, &Nothing, new)
        .await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let error = &answer.json()["errors"][0];
    let text = |key: &str| error[key].as_str().unwrap().to_owned();
    (text("field"), text("code"))
}

fn later() -> Timestamp {
    let grace = i64::try_from(GRACE.as_millis()).unwrap();
    Timestamp::from_millis(clock::now().as_millis() + grace + 1_000)
}

everywhere! {
    /// A picture, a film and a file in one message: live for the other one, with addresses of their own.
    async fn what_is_sent_is_there_for_the_other_one(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        ada.say(&app, talk, "before").await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        let picture = upload(&app, &ada).await;
        let film = films::bring(&app, &ada, &films::mp4(&Mp4::default())).await;
        let page = b"<script>alert(1)</script>".as_slice();
        let paper = file(&app, &ada, "../minutes of May.HTML", page).await;
        assert_eq!((paper.kind, paper.name.as_str(), paper.size, paper.width), (MediaKind::File, "minutes of May.HTML", 25, None));
        let all = [&paper, &picture, &film];
        let sent = send(&app, &ada, talk, "", &all).await.unwrap();
        assert_eq!((sent.body.as_str(), &sent.attachments), ("", &all.map(Attachment::from).to_vec()));
        his.settle_with(&app).await;
        assert!(his.told.iter().any(|told| told == "message_created"));
        assert_eq!(last(&app, &ben, talk).await, sent);
        // Everybody hears the same words, and gets addresses for themselves.
        let found = addresses(&app, &ben, talk, &ids(&sent)).await;
        assert_eq!(found.iter().map(|one| one.kind).collect::<Vec<_>>(), [MediaKind::File, MediaKind::Image, MediaKind::Video]);
        assert_ne!(found[1].url, addresses(&app, &ada, talk, &ids(&sent)).await[1].url);
        for one in &found {
            assert_eq!(get(&app, &one.url).await.0, 200, "{one:?}");
        }
        assert!(found[1].thumb_url.is_some() && found[0].thumb_url.is_none());
        // A file is given back as it came, and no browser takes it for a page.
        let (_, headers, bytes) = get(&app, &found[0].url).await;
        assert_eq!(bytes, page);
        let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/octet-stream");
        assert!(header("content-disposition").starts_with("attachment; filename=\"minutes of May.HTML\""));
        assert_eq!(header("x-content-type-options"), "nosniff");
        // Nobody else: not by their own address, not by one that was given to Ben, not by the conversation.
        assert_eq!(status(&app, &dan, picture.id).await, 404);
        let call = ListMessageMedia { conversation_id: talk };
        let query = MessageMediaQuery::of(&ids(&sent));
        assert_eq!(dan.call_with(&app, &call, &query, &Nothing).await.err(), Some(ErrorCode::NotFound));
        // Only what stands in this conversation.
        let loose = upload(&app, &ada).await;
        app.befriend(&ada, &dan).await;
        let other = ada.open(&app, &dan).await.id;
        assert_eq!(addresses(&app, &ada, talk, &[loose.id]).await, []);
        assert_eq!(addresses(&app, &ada, other, &ids(&sent)).await, []);
        assert_eq!(addresses(&app, &ada, talk, &[]).await, []);
    }

    async fn only_ones_own_and_each_in_one_place(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let (one, two, his) = (upload(&app, &ada).await, upload(&app, &ada).await, upload(&app, &ben).await);
        let not_offered = ("media_ids".to_owned(), "not_offered".to_owned());
        let posted = NewPost { client_id: client_id(), body: String::new(), audience: Audience::Friends, media_ids: vec![two.id], shared_post_id: None };
        ada.call(&app, &CreatePost {}, &posted).await.unwrap();
        for media in [vec![&his], vec![&one, &one], vec![&one, &two]] {
            assert_eq!(refused(&app, &ada, talk, &new("x", &media)).await, not_offered);
        }
        let never = NewMessage { media_ids: vec![MediaId::new(7)], ..new("x", &[]) };
        assert_eq!(refused(&app, &ada, talk, &never).await, not_offered);
        let many = NewMessage { media_ids: (1..=11).map(MediaId::new).collect(), ..new("x", &[]) };
        assert_eq!(refused(&app, &ada, talk, &many).await, ("media_ids".to_owned(), "too_long".to_owned()));
        assert_eq!(refused(&app, &ada, talk, &new("", &[])).await.0, "body");
        let nothing = ada.call_with(&app, &ListMessages { conversation_id: talk }, &MessagesQuery::default(), &Nothing).await.unwrap();
        assert!(nothing.items.is_empty(), "what was refused is nowhere");
        // The same request again is the same message; with something else beside it, it is another request.
        let first = new("", &[&one]);
        let call = SendMessage { conversation_id: talk };
        let made = app.ask(ada.token(), &call, &Nothing, &first).await;
        let again = app.ask(ada.token(), &call, &Nothing, &first).await;
        assert_eq!((made.status, again.status, &made.json()["id"]), (201, 200, &again.json()["id"]));
        let three = upload(&app, &ada).await;
        for media in [vec![], vec![three.id], vec![one.id, three.id]] {
            let other = NewMessage { body: "x".into(), media_ids: media, ..first.clone() };
            assert_eq!(ada.call(&app, &call, &other).await.unwrap_err(), ErrorCode::ClientIdReused);
        }
        // It stands there now, and nowhere else; and a file stands beside no post.
        assert_eq!(refused(&app, &ada, talk, &new("again", &[&one])).await, not_offered);
        let paper = file(&app, &ada, "a.txt", b"words").await;
        for id in [one.id, paper.id] {
            let post = NewPost { client_id: client_id(), media_ids: vec![id], ..posted.clone() };
            assert_eq!(ada.call(&app, &CreatePost {}, &post).await.unwrap_err(), ErrorCode::ValidationFailed);
        }
    }

    /// Twenty sendings at once of the same picture: it stands beside one message.
    async fn of_many_at_once_one_gets_it(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &dan).await;
        let talks = [ada.open(&app, &ben).await.id, ada.open(&app, &dan).await.id];
        let picture = upload(&app, &ada).await;
        let beside = [&picture];
        let all = (0..20).map(|at| send(&app, &ada, talks[at % 2], "mine", &beside));
        let answers = futures_util::future::join_all(all).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert!(answers.iter().flat_map(|answer| answer.as_ref().err()).all(|code| *code == ErrorCode::ValidationFailed));
    }

    /// A message that is removed takes with it what stood beside it, for everybody and at once; the bytes go after a day.
    async fn it_goes_with_its_message(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let (one, two) = (upload(&app, &ada).await, file(&app, &ada, "a.txt", b"words").await);
        let sent = send(&app, &ada, talk, "look", &[&one, &two]).await.unwrap();
        let answer = NewMessage { reply_to_id: Some(sent.id), ..new("nice", &[]) };
        let answer = ben.call(&app, &SendMessage { conversation_id: talk }, &answer).await.unwrap();
        assert_eq!(answer.reply_to.unwrap().attached, Some(MediaKind::Image));
        assert_eq!(status(&app, &ben, one.id).await, 200);
        let mut his = Device::start(&app, &ben).await;
        let removed = ada.call(&app, &DeleteMessage { message_id: sent.id }, &Nothing).await.unwrap();
        assert_eq!(removed.attachments, []);
        his.settle_with(&app).await;
        for viewer in [&ada, &ben] {
            assert_eq!(status(&app, viewer, one.id).await, if viewer.id() == ada.id() { 200 } else { 404 });
            assert_eq!(addresses(&app, viewer, talk, &[one.id, two.id]).await, []);
        }
        assert_eq!(last(&app, &ben, talk).await.reply_to.unwrap().attached, None);
        let kept = &app.servers()[0].media;
        collect_orphans(kept, clock::now()).await.unwrap();
        assert_eq!(stored(&app).len(), 3 + 1);
        collect_orphans(kept, later()).await.unwrap();
        assert_eq!(stored(&app), []);
    }

    /// What its owner says of it, or that they take it away, is an event of the conversation.
    async fn its_owner_describes_it_and_takes_it_away(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let (one, two) = (upload(&app, &ada).await, upload(&app, &ada).await);
        let sent = send(&app, &ada, talk, "", &[&one, &two]).await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        let patch = MediaPatch { alt_text: "The lake".into() };
        ada.call(&app, &EditMedia { media_id: two.id }, &patch).await.unwrap();
        his.settle_with(&app).await;
        let now = last(&app, &ben, talk).await;
        assert_eq!((now.attachments[1].alt_text.as_str(), now.seq), ("The lake", sent.seq + 1));
        ada.call(&app, &EditMedia { media_id: two.id }, &patch).await.unwrap();
        assert_eq!(last(&app, &ben, talk).await.seq, now.seq, "nothing has changed");
        ada.call(&app, &DeleteMedia { media_id: one.id }, &Nothing).await.unwrap();
        his.settle_with(&app).await;
        let now = last(&app, &ben, talk).await;
        assert_eq!((ids(&now), now.deleted_at), (vec![two.id], None));
        // Without words it may be empty as long as something stands beside it.
        let edit = EditMessage { message_id: sent.id };
        ada.call(&app, &edit, &MessagePatch { body: "words".into() }).await.unwrap();
        ada.call(&app, &edit, &MessagePatch { body: String::new() }).await.unwrap();
        ada.call(&app, &DeleteMedia { media_id: two.id }, &Nothing).await.unwrap();
        his.settle_with(&app).await;
        assert!(last(&app, &ben, talk).await.deleted_at.is_some(), "nothing is left of it");
        let bare = ada.say(&app, talk, "bare").await.unwrap();
        let empty = MessagePatch { body: "  ".into() };
        let answer = app.ask(ada.token(), &EditMessage { message_id: bare.id }, &Nothing, &empty).await;
        assert_eq!((answer.status, answer.json()["errors"][0]["code"].as_str()), (422, Some("required")));
    }

    /// What stands before a film goes by itself: the message is another one then, and both are locked meanwhile.
    async fn what_stands_before_a_film_belongs_to_its_message(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let still = upload(&app, &ada).await;
        let bytes = films::mp4(&Mp4::default());
        let begun = films::begin(&app, &ada, &bytes).await;
        films::send(&app, &ada, &begun, &bytes).await;
        let finish = FinishUpload { poster_id: Some(still.id), ..FinishUpload::default() };
        let film = films::finish(&app, &ada, &begun, finish).await.unwrap();
        assert_eq!(refused(&app, &ada, talk, &new("x", &[&still])).await.0, "media_ids");
        let sent = send(&app, &ada, talk, "", &[&film]).await.unwrap();
        assert!(sent.attachments[0].blurhash.is_some());
        assert_eq!(status(&app, &ben, still.id).await, 200);
        let mut his = Device::start(&app, &ben).await;
        ada.call(&app, &DeleteMedia { media_id: still.id }, &Nothing).await.unwrap();
        his.settle_with(&app).await;
        let now = last(&app, &ben, talk).await;
        assert_eq!((now.seq, &now.attachments[0].blurhash, now.deleted_at), (sent.seq + 1, &None, None));
    }

    /// Those who are friends no longer read what they said, and see what they sent.
    async fn who_may_read_it_sees_it(app: TestApp) {
        let (ada, ben, cyd, dan) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let picture = upload(&app, &ada).await;
        send(&app, &ada, talk, "", &[&picture]).await.unwrap();
        ben.call(&app, &RemoveFriend { user_id: ada.id() }, &Nothing).await.unwrap();
        assert_eq!(status(&app, &ben, picture.id).await, 200);
        // She says nothing more to him, not even by what is to be seen in it; she may take it away.
        let call = EditMedia { media_id: picture.id };
        let patch = MediaPatch { alt_text: "and another thing".into() };
        assert_eq!(ada.call(&app, &call, &patch).await.unwrap_err(), ErrorCode::NotFriends);
        ada.call(&app, &DeleteMedia { media_id: picture.id }, &Nothing).await.unwrap();
        // In a group that shows new members nothing, they see nothing of before; who has gone sees nothing any more.
        let walk = make(&app, &ada, &NewGroup { history: History::FromJoining, ..public("Walks") }).await.id;
        join(&app, &ben, walk).await.unwrap();
        let before = upload(&app, &ada).await;
        send(&app, &ada, walk, "", &[&before]).await.unwrap();
        join(&app, &cyd, walk).await.unwrap();
        let after = upload(&app, &ada).await;
        send(&app, &ada, walk, "", &[&after]).await.unwrap();
        let both = [before.id, after.id];
        let mut seen = Vec::new();
        for viewer in [&ada, &ben, &cyd, &dan] {
            seen.push([status(&app, viewer, both[0]).await, status(&app, viewer, both[1]).await]);
        }
        assert_eq!(seen, [[200, 200], [200, 200], [404, 200], [404, 404]]);
        assert_eq!(addresses(&app, &cyd, walk, &both).await.iter().map(|one| one.id).collect::<Vec<_>>(), [after.id]);
        let given = addresses(&app, &ben, walk, &both).await.remove(0).url;
        leave_group(&app, &ben, walk).await.unwrap();
        assert_eq!(get(&app, &given).await.0, 404, "at the next request");
        let his = upload(&app, &ben).await;
        join(&app, &ben, walk).await.unwrap();
        send(&app, &ben, walk, "", &[&his]).await.unwrap();
        leave_group(&app, &ben, walk).await.unwrap();
        assert_eq!(ben.call(&app, &EditMedia { media_id: his.id }, &patch).await.unwrap_err(), ErrorCode::NotFound);
        // The end of a group is the end of what was sent in it.
        ada.call(&app, &EndGroup { conversation_id: walk }, &Nothing).await.unwrap();
        assert_eq!(status(&app, &cyd, after.id).await, 404);
    }

    /// Whoever leaves Hearth takes along what they sent; what they said may stay.
    async fn an_account_that_ends_takes_it_along(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let (one, two, his) = (upload(&app, &ada).await, upload(&app, &ada).await, upload(&app, &ben).await);
        send(&app, &ada, talk, "with words", &[&one]).await.unwrap();
        let wordless = send(&app, &ada, talk, "", &[&two]).await.unwrap();
        send(&app, &ben, talk, "", &[&his]).await.unwrap();
        let which = WhichEmoji { emoji: "👍".into() };
        ben.call_with(&app, &AddMessageReaction { message_id: wordless.id }, &which, &Nothing).await.unwrap();
        assert_eq!(leave(&app, &ada, PASSWORD, OwnMessages::Keep).await.status, 202);
        end(&app, &ada).await;
        let page = ben.call_with(&app, &ListMessages { conversation_id: talk }, &MessagesQuery::default(), &Nothing).await.unwrap();
        assert!(page.items.iter().all(|message| message.reactions.is_empty()), "nothing is felt about what is gone");
        let shown: Vec<_> = page.items.iter().map(|message| (message.body.as_str(), message.attachments.len(), message.deleted_at.is_some())).collect();
        assert_eq!(shown, [("with words", 0, false), ("", 0, true), ("", 1, false)]);
        assert_eq!(status(&app, &ben, his.id).await, 200);
        assert_eq!(stored(&app).len(), 3, "his picture and its copies");
    }
}
