//! Each way of being hidden, and what of each kind is left then.

use hearth::platform::db::Outcome;
use hearth_shared::blocks::BlockPerson;
use hearth_shared::conversations::DeleteMessage;
use hearth_shared::conversations::groups::{EndGroup, History, NewGroup};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{ConversationId, MessageId, PostId};
use hearth_shared::posts::{Audience, DeletePost, EditPost, MutePerson, PostPatch};
use hearth_shared::privacy::{ChangePrivacy, PrivacyChange, Reach};

use diesel::prelude::*;

use super::{PUBLIC, counts};
use crate::everywhere;
use crate::groups::{invite, join, leave, make, private, public, remove};
use crate::support::{Person, TestApp};

/// What hides something of the owner from the reader, their friend and fellow member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Nothing does.
    None,
    Unfriended,
    UnfriendedAndFoundByNobody,
    OwnerBlocks,
    ReaderBlocks,
    OwnerSuspended,
    OwnerMuted,
    PostsForNobodyElse,
    PostsRemoved,
    MessagesRemoved,
    ReaderLeft,
    ReaderRemoved,
    GroupsEnded,
    /// The reader came after everything was said.
    CameLater,
    /// The reader is invited, and has not come.
    Invited,
}

/// A way, and how many people, groups, posts and messages the reader finds.
const TABLE: &[(Way, [usize; 4])] = &[
    (Way::None, [1, 2, 2, 2]),
    (Way::Unfriended, [1, 2, 1, 2]),
    (Way::UnfriendedAndFoundByNobody, [0, 2, 1, 2]),
    // What was said to somebody stays theirs to read, and to find.
    (Way::OwnerBlocks, [0, 2, 0, 2]),
    (Way::ReaderBlocks, [0, 2, 0, 2]),
    (Way::OwnerSuspended, [0, 2, 0, 2]),
    (Way::OwnerMuted, [1, 2, 2, 2]),
    (Way::PostsForNobodyElse, [1, 2, 0, 2]),
    (Way::PostsRemoved, [1, 2, 0, 2]),
    (Way::MessagesRemoved, [1, 2, 2, 0]),
    (Way::ReaderLeft, [1, 1, 2, 1]),
    (Way::ReaderRemoved, [1, 1, 2, 1]),
    (Way::GroupsEnded, [1, 0, 2, 1]),
    (Way::CameLater, [1, 2, 2, 1]),
    (Way::Invited, [1, 2, 2, 1]),
];

/// What everything of one way is called: nothing begins like another one, or is a typo away from it.
const WORDS: [&str; TABLE.len()] = [
    "aardvark",
    "buffalo",
    "chinchilla",
    "dormouse",
    "elephant",
    "flamingo",
    "giraffe",
    "hedgehog",
    "iguana",
    "jellyfish",
    "kangaroo",
    "leopard",
    "meerkat",
    "nightingale",
    "ostrich",
];

/// What the owner has, all of it called the same.
struct World<'a> {
    app: &'a TestApp,
    owner: Person,
    reader: Person,
    posts: [PostId; 2],
    messages: [MessageId; 2],
    /// One that nobody but its members knows, and one that everybody finds.
    groups: [ConversationId; 2],
}

impl<'a> World<'a> {
    async fn new(app: &'a TestApp, word: &str, way: Way) -> Self {
        let (owner, reader) = (app.person(word).await, app.person(&format!("reads{word}")).await);
        app.befriend(&owner, &reader).await;
        let talk = owner.open(app, &reader).await.id;
        let history = match way {
            Way::CameLater => History::FromJoining,
            _ => History::All,
        };
        let new = NewGroup {
            history,
            ..private(&format!("Secret {word}"))
        };
        let hidden = make(app, &owner, &new).await.id;
        let open = make(app, &owner, &public(&format!("Open {word}"))).await.id;
        invite(app, &owner, hidden, &[&reader]).await.unwrap();
        if !matches!(way, Way::CameLater | Way::Invited) {
            join(app, &reader, hidden).await.unwrap();
        }
        let messages = [
            owner.say(app, talk, &format!("to you: {word}")).await.unwrap().id,
            owner
                .say(app, hidden, &format!("to all: {word}"))
                .await
                .unwrap()
                .id,
        ];
        if way == Way::CameLater {
            join(app, &reader, hidden).await.unwrap();
        }
        let posts = [
            owner.post(app, &format!("{word} for friends")).await.id,
            owner
                .post_for(app, &format!("{word} for all"), Audience::Public)
                .await
                .id,
        ];
        Self {
            app,
            owner,
            reader,
            posts,
            messages,
            groups: [hidden, open],
        }
    }

    async fn hide(&self, way: Way) {
        let (app, owner, reader) = (self.app, &self.owner, &self.reader);
        let part = async || {
            let call = RemoveFriend { user_id: reader.id() };
            owner.call(app, &call, &Nothing).await.unwrap();
        };
        match way {
            Way::None | Way::CameLater | Way::Invited => {}
            Way::Unfriended => part().await,
            Way::UnfriendedAndFoundByNobody => {
                part().await;
                let change = PrivacyChange {
                    findable: Some(Reach::Nobody),
                    ..PrivacyChange::default()
                };
                owner.call(app, &ChangePrivacy {}, &change).await.unwrap();
            }
            Way::OwnerBlocks => {
                let call = BlockPerson { user_id: reader.id() };
                owner.call(app, &call, &Nothing).await.unwrap();
            }
            Way::ReaderBlocks => {
                let call = BlockPerson { user_id: owner.id() };
                reader.call(app, &call, &Nothing).await.unwrap();
            }
            Way::OwnerSuspended => {
                let statement = format!("UPDATE users SET suspended_at = 1 WHERE id = {}", owner.id());
                let write = app.db().write(move |tx| {
                    diesel::sql_query(&statement).execute(tx.conn())?;
                    Ok(Outcome::Commit(()))
                });
                write.await.unwrap();
            }
            Way::OwnerMuted => {
                let call = MutePerson { user_id: owner.id() };
                reader.call(app, &call, &Nothing).await.unwrap();
            }
            Way::PostsForNobodyElse => {
                let patch = PostPatch {
                    body: None,
                    audience: Some(Audience::OnlyMe),
                    media_ids: None,
                };
                for post_id in self.posts {
                    owner.call(app, &EditPost { post_id }, &patch).await.unwrap();
                }
            }
            Way::PostsRemoved => {
                for post_id in self.posts {
                    owner.call(app, &DeletePost { post_id }, &Nothing).await.unwrap();
                }
            }
            Way::MessagesRemoved => {
                for message_id in self.messages {
                    let call = DeleteMessage { message_id };
                    owner.call(app, &call, &Nothing).await.unwrap();
                }
            }
            Way::ReaderLeft => leave(app, reader, self.groups[0]).await.unwrap(),
            Way::ReaderRemoved => remove(app, owner, self.groups[0], reader).await.unwrap(),
            Way::GroupsEnded => {
                for conversation_id in self.groups {
                    let call = EndGroup { conversation_id };
                    owner.call(app, &call, &Nothing).await.unwrap();
                }
            }
        }
    }
}

everywhere! {
    with PUBLIC;
    async fn nothing_hidden_appears_or_is_counted(app: TestApp) {
        let stranger = app.person("stranger").await;
        for (number, (way, expected)) in TABLE.iter().enumerate() {
            let word = WORDS[number].to_owned();
            let world = World::new(&app, &word, *way).await;
            if *way != Way::Invited && *way != Way::CameLater {
                assert_eq!(counts(&app, &world.reader, &word).await, [1, 2, 2, 2], "before {way:?}");
            }
            assert_eq!(counts(&app, &stranger, &word).await, [1, 1, 1, 0], "a stranger before {way:?}");
            world.hide(*way).await;
            assert_eq!(counts(&app, &world.reader, &word).await, *expected, "{way:?}");
            assert_eq!(counts(&app, &world.reader, &word[..5]).await, *expected, "{way:?}, begun");
        }
    }
}
