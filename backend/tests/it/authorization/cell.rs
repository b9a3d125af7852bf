//! One cell of the table: its people, what they act on, and the call.

use diesel::prelude::*;
use hearth_shared::api::OPERATIONS;
use hearth_shared::auth::{CreateInvitation, NewInvitation};
use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::{API_BASE, Method, Nothing};
use hearth_shared::friends::RemoveFriend;
use hearth_shared::notifications::ListNotifications;
use hearth_shared::posts::{Audience, DeleteComment, DeletePost, EditPost, PostPatch};
use serde_json::{Value, json};

use crate::attachments::send;
use crate::media::cells::media_object;
use crate::support::films::{self, Mp4};
use crate::support::pictures::{self, Form};
use crate::support::{Answer, Person, TestApp, client_id};

/// The people of one cell.
pub(super) struct Cell {
    pub(super) owner: Person,
    /// `None`: nobody.
    pub(super) actor: Option<Person>,
    /// A friend of the owner, and somebody who has asked the owner; never the actor.
    pub(super) friend: Person,
    pub(super) other: Person,
    /// The request between owner and actor, else one between others.
    pub(super) request: String,
    pub(super) others_request: String,
}

async fn block(app: &TestApp, by: &Person, other: &Person) {
    let call = BlockPerson { user_id: other.id() };
    by.call(app, &call, &Nothing).await.map(drop).unwrap();
}

/// What the host does to an account at the command line.
async fn host(app: &TestApp, set: &str, person: &Person) {
    let sql = format!("UPDATE users SET {set} WHERE id = {}", person.id());
    let run = app.db().write(move |tx| {
        diesel::sql_query(&sql).execute(tx.conn())?;
        Ok(hearth::platform::db::Outcome::Commit(()))
    });
    run.await.unwrap();
}

pub(super) async fn cell(app: &TestApp, number: usize, actor: &str) -> Cell {
    let name = |role: &str| format!("{role}_{number}_{}", actor.to_lowercase());
    let owner = app.person(&name("owner")).await;
    let friend = app.person(&name("friend")).await;
    let other = app.person(&name("other")).await;
    app.befriend(&owner, &friend).await;
    let others_request = other.ask_friend(app, &owner).await.unwrap().id.to_string();
    let mut request = others_request.clone();
    let actor = match actor {
        "AN" => None,
        "OW" => Some(owner.clone()),
        relation => {
            let person = app.person(&name("actor")).await;
            match relation {
                "PO" => request = person.ask_friend(app, &owner).await.unwrap().id.to_string(),
                "PI" => request = owner.ask_friend(app, &person).await.unwrap().id.to_string(),
                "FR" => app.befriend(&person, &owner).await,
                "BL" => block(app, &owner, &person).await,
                "BK" => block(app, &person, &owner).await,
                "AD" => host(app, "role = 'admin'", &person).await,
                "SU" => host(app, "suspended_at = 1", &person).await,
                _ => {}
            }
            Some(person)
        }
    };
    Cell {
        owner,
        actor,
        friend,
        other,
        request,
        others_request,
    }
}

impl Cell {
    /// The path parameter and the body's id of an object, made for this cell.
    pub(super) async fn object(&self, app: &TestApp, object: &str, operation: &str) -> String {
        let audience = match object {
            _ if object.contains("public") => Audience::Public,
            _ if object.contains("private") => Audience::OnlyMe,
            _ => Audience::Friends,
        };
        match object {
            "none" => String::new(),
            "person"
                if matches!(
                    operation,
                    "GetProfile" | "ListUserPosts" | "ListUserPhotos" | "ListUserFriends"
                ) =>
            {
                self.owner.username()
            }
            "missing person" => "nobody_there".to_owned(),
            "person" => self.owner.id().to_string(),
            "request" => self.request.clone(),
            "others' request" => self.others_request.clone(),
            "public post" | "friends post" | "private post" => {
                self.owner.post_for(app, "x", audience).await.id.to_string()
            }
            "removed friends post" | "post removed too long ago" => {
                let post_id = self.owner.post_for(app, "x", audience).await.id;
                let call = DeletePost { post_id };
                self.owner.call(app, &call, &Nothing).await.map(drop).unwrap();
                if object == "post removed too long ago" {
                    let sql = format!("UPDATE posts SET deleted_at = 1 WHERE id = {post_id}");
                    let run = app.db().write(move |tx| {
                        diesel::sql_query(&sql).execute(tx.conn())?;
                        Ok(hearth::platform::db::Outcome::Commit(()))
                    });
                    run.await.unwrap();
                }
                post_id.to_string()
            }
            "friend's share of private post" => {
                let post = self.owner.post_for(app, "x", Audience::Friends).await;
                let new = json!({"client_id": client_id(), "audience": "public"});
                let path = format!("{API_BASE}/posts/{}/share", post.id);
                let made = app
                    .raw(Method::Post, &path, self.friend.token(), Some(&new))
                    .await;
                let patch = PostPatch {
                    audience: Some(audience),
                    ..PostPatch::default()
                };
                let hide = EditPost { post_id: post.id };
                self.owner.call(app, &hide, &patch).await.map(drop).unwrap();
                made.json()["id"].as_str().unwrap().to_owned()
            }
            "tag" => "tea".to_owned(),
            "comment on public post" | "comment on friends post" | "comment on private post" => {
                let post = self.owner.post_for(app, "x", audience).await;
                self.owner.comment(app, &post, "x").await.unwrap().id.to_string()
            }
            "friend's comment on public post" | "friend's comment on friends post" => {
                let post = self.owner.post_for(app, "x", audience).await;
                self.friend.comment(app, &post, "x").await.unwrap().id.to_string()
            }
            "removed comment on public post" | "friend's comment that the owner removed" => {
                let post = self.owner.post_for(app, "x", Audience::Public).await;
                let author = if object.starts_with("friend's") {
                    &self.friend
                } else {
                    &self.owner
                };
                let comment_id = author.comment(app, &post, "x").await.unwrap().id;
                let call = DeleteComment { comment_id };
                self.owner.call(app, &call, &Nothing).await.unwrap();
                comment_id.to_string()
            }
            "missing person id" => "4611686018427387904".to_owned(),
            "others' conversation" => self.conversation(app, &self.friend).await,
            "own conversation" => self.conversation(app, self.actor.as_ref().unwrap()).await,
            asked if asked.contains("message request") || asked == "person who takes no messages" => {
                self.of_strangers(app, asked).await
            }
            "others' message" => self.message(app, &self.friend).await,
            "own conversation's message" => self.message(app, self.actor.as_ref().unwrap()).await,
            "picture of others' message" => self.picture(app, &self.friend).await,
            "picture of own conversation's message" => self.picture(app, self.actor.as_ref().unwrap()).await,
            "ended conversation"
            | "ended conversation's message"
            | "picture of ended conversation's message" => {
                let actor = self.actor.as_ref().unwrap();
                app.befriend(actor, &self.owner).await;
                let id = if object.starts_with("picture") {
                    self.picture(app, actor).await
                } else if object.ends_with("message") {
                    self.message(app, actor).await
                } else {
                    self.conversation(app, actor).await
                };
                let ended = RemoveFriend { user_id: actor.id() };
                self.owner.call(app, &ended, &Nothing).await.unwrap();
                if operation == "OpenConversation" {
                    return self.owner.id().to_string();
                }
                id
            }
            "notification" => {
                let told = self
                    .owner
                    .call(app, &ListNotifications {}, &Nothing)
                    .await
                    .unwrap();
                told.items[0].id.to_string()
            }
            "session" => self.owner.session.session_id.to_string(),
            "invitation" => {
                let new = NewInvitation::default();
                let made = self.owner.call(app, &CreateInvitation {}, &new).await.unwrap();
                made.id.to_string()
            }
            group if group.contains("group") => self.group(app, group).await,
            _ => media_object(app, &self.owner, object, audience).await,
        }
    }

    /// A conversation of the owner with somebody, in which something was said.
    pub(super) async fn conversation(&self, app: &TestApp, with: &Person) -> String {
        let talk = self.owner.open(app, with).await;
        self.owner.say(app, talk.id, "x").await.unwrap();
        talk.id.to_string()
    }

    /// A message of the owner's in a conversation with somebody.
    pub(super) async fn message(&self, app: &TestApp, with: &Person) -> String {
        let talk = self.owner.open(app, with).await;
        self.owner.say(app, talk.id, "x").await.unwrap().id.to_string()
    }

    /// A picture that the owner sent in a conversation with somebody.
    pub(super) async fn picture(&self, app: &TestApp, with: &Person) -> String {
        let talk = self.owner.open(app, with).await;
        let picture = pictures::upload(app, &self.owner).await;
        send(app, &self.owner, talk.id, "", &[&picture]).await.unwrap();
        picture.id.to_string()
    }

    pub(super) fn body(&self, operation: &str, id: &str) -> Value {
        match operation {
            "Register" => json!(Person::account(&format!("n{}", self.other.id()))),
            "DeleteMe" => json!({"password": "not their password", "messages": "keep"}),
            "Login" => json!({"login": self.owner.username(), "password": "not their password"}),
            "ChangeDigestSettings" => json!({"with_words": true}),
            "ChangeNotificationPreferences" => {
                json!({"switches": [{"topic": "shares", "channel": "mail", "wanted": false}]})
            }
            "ChangePrivacy" => json!({"show_online": true}),
            "Refresh" | "Logout" | "CreateInvitation" => json!({}),
            "ForgotPassword" => json!({"email": "owner@example.org"}),
            "CheckResetToken" | "VerifyEmail" | "CheckInvitation" | "Unsubscribe" => {
                json!({"token": "nobody has it"})
            }
            "ResetPassword" => json!({"token": "nobody has it", "password": "kitchen table ten"}),
            "ChangePassword" => {
                json!({"current_password": "not their password", "new_password": "kitchen table ten"})
            }
            "SetUpTwoFactor" => json!({"password": "not their password"}),
            "EnableTwoFactor" => json!({"code": "123456"}),
            "DisableTwoFactor" | "NewRecoveryCodes" => {
                json!({"password": "not their password", "code": "123456"})
            }
            "CreateFriendRequest" => json!({"user_id": id}),
            "OpenConversation" => json!({"kind": "direct", "user_id": id}),
            "MarkRead" => json!({"number": 1}),
            "ChangeConversationSettings" => json!({"muted": true}),
            "MarkNotificationsSeen" | "MarkNotificationsRead" => json!({"up_to": 0}),
            "CreatePost" | "CreateComment" | "SendMessage" => {
                json!({"client_id": client_id(), "body": "new"})
            }
            "SubscribePush" => json!({
                "endpoint": format!("https://push.example/{}", self.other.id()),
                "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                "auth": "BTBZMqHH6r4Tts7J_aSIgg",
            }),
            "CreateUpload" => json!({"client_id": client_id(), "name": "x.mp4", "size": 1}),
            "CompleteUpload" => json!({}),
            "EditMedia" => json!({"alt_text": "changed"}),
            "EditMe" => json!({"bio": "changed"}),
            "EditPost" | "EditComment" | "EditMessage" => json!({"body": "changed"}),
            "SetReaction" | "SetCommentReaction" => json!({"kind": "like"}),
            "CreateReport" => {
                let (kind, id) = id.split_once(' ').unwrap_or(("person", id));
                json!({"subject": {"kind": kind, "id": id}, "reason": "spam"})
            }
            "SharePost" => json!({"client_id": client_id()}),
            "CreateGroup" => json!({"client_id": client_id(), "title": "Garden week"}),
            "EditGroup" => json!({"title": "Garden month"}),
            "ChangeRole" => json!({"role": "admin"}),
            "InviteToGroup" => json!({"user_ids": [self.friend.id()]}),
            _ => Value::Null,
        }
    }

    pub(super) async fn call(&self, app: &TestApp, operation: &str, id: &str) -> Answer {
        let declared = OPERATIONS
            .iter()
            .find(|declared| declared.name == operation)
            .unwrap();
        let mut path = format!("{API_BASE}{}", declared.path);
        // An object below another one has two.
        let mut ids = id.split(' ').cycle();
        while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
            path.replace_range(from..=to, ids.next().unwrap_or_default());
        }
        if operation == "GetMedia" {
            path = pictures::address(app, self.actor.as_ref(), id.parse().unwrap());
        }
        if matches!(
            operation,
            "UploadMedia" | "SetAvatar" | "SetCover" | "SetGroupPicture"
        ) {
            let form = Form::new().file("x.jpg", &pictures::jpeg(60, 40));
            let path = path.trim_start_matches(API_BASE);
            return form.send(app, self.actor.as_ref(), declared.method, path).await;
        }
        if operation == "PutPiece" {
            let (film, actor) = (films::mp4(&Mp4::default()), self.actor.as_ref());
            return films::put_raw(app, actor, id, 0, "application/octet-stream", film).await;
        }
        match operation {
            "FindPeople" => path.push_str("?q=owner"),
            "AddMessageReaction" | "RemoveMessageReaction" => path.push_str("?emoji=%F0%9F%91%8D"),
            _ => {}
        }
        let token = self.actor.as_ref().and_then(Person::token);
        let body = Some(self.body(operation, id)).filter(|body| !body.is_null());
        app.raw(declared.method, &path, token, body.as_ref()).await
    }
}
