//! Groups of the owner, for the cells.

use hearth_shared::conversations::groups::{CreateGroup, History, JoinGroup, NewGroup, Role, Visibility};
use hearth_shared::conversations::members::{ChangeRole, InviteToGroup, Invitees, RolePatch};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, MessageId};

use super::cell::Cell;
use crate::groups::pictures;
use crate::support::{Person, TestApp, client_id};

impl Cell {
    /// The id of a group, `<group> <member>`, `<group> <picture>`, or the id of a message in it. A member that is named is the owner's friend;
    /// where the actor is in it or manages it, that is a private one.
    pub(super) async fn group(&self, app: &TestApp, object: &str) -> String {
        let visibility = if object.trim_start_matches("picture of ").starts_with("public") {
            Visibility::Public
        } else {
            Visibility::Private
        };
        let id = make(app, &self.owner, visibility).await;
        let actor = self.actor.as_ref();
        if object.contains("invited to") {
            invite(app, &self.owner, id, actor.unwrap()).await;
        }
        if object.ends_with("one is in") || object.ends_with("one manages") {
            come(app, &self.owner, id, actor.unwrap()).await;
        }
        if object.contains("one manages") {
            let call = ChangeRole {
                conversation_id: id,
                user_id: actor.unwrap().id(),
            };
            let admin = RolePatch { role: Role::Admin };
            self.owner.call(app, &call, &admin).await.unwrap();
        }
        if object.starts_with("member of") {
            come(app, &self.owner, id, &self.friend).await;
            return format!("{id} {}", self.friend.id());
        }
        if object.starts_with("picture of") {
            let address = pictures::set(app, &self.owner, id).await;
            let name = address.rsplit('/').next().unwrap();
            return format!("{id} {name}");
        }
        if object.starts_with("message in") {
            return said(app, &self.owner, id).await.to_string();
        }
        if object.starts_with("member's message in") {
            come(app, &self.owner, id, &self.friend).await;
            return said(app, &self.friend, id).await.to_string();
        }
        id.to_string()
    }
}

async fn make(app: &TestApp, owner: &Person, visibility: Visibility) -> ConversationId {
    let new = NewGroup {
        client_id: client_id(),
        title: "Garden week".to_owned(),
        description: String::new(),
        visibility,
        history: History::All,
        user_ids: Vec::new(),
    };
    owner.call(app, &CreateGroup {}, &new).await.unwrap().id
}

async fn invite(app: &TestApp, owner: &Person, conversation_id: ConversationId, whom: &Person) {
    let whom = Invitees {
        user_ids: vec![whom.id()],
    };
    let call = InviteToGroup { conversation_id };
    owner.call(app, &call, &whom).await.unwrap();
}

async fn come(app: &TestApp, owner: &Person, conversation_id: ConversationId, who: &Person) {
    invite(app, owner, conversation_id, who).await;
    who.call(app, &JoinGroup { conversation_id }, &Nothing)
        .await
        .unwrap();
}

async fn said(app: &TestApp, by: &Person, id: ConversationId) -> MessageId {
    by.say(app, id, "x").await.unwrap().id
}
