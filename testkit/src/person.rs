//! Somebody who uses the server: knows only the public API.

use hearth_shared::auth::{NewAccount, Register, Session, SessionQuery};
use hearth_shared::conversations::{
    Conversation, ConversationKind, Message, NewConversation, NewMessage, OpenConversation, SendMessage,
};
use hearth_shared::endpoint::{Endpoint, Nothing};
use hearth_shared::friends::{AcceptFriendRequest, CreateFriendRequest, FriendRequest, NewFriendRequest};
use hearth_shared::ids::{ConversationId, PostId, UserId};
use hearth_shared::posts::{Audience, Comment, CreateComment, CreatePost, NewComment, NewPost, Post};
use hearth_shared::problem::{ErrorCode, Problem};

use crate::{Client, client_id};

/// A password that everybody in the tests has.
pub const PASSWORD: &str = "kitchen table nine";

/// A signed-in person.
#[derive(Clone)]
pub struct Person {
    /// What registering or signing in has given.
    pub session: Session,
}

impl Client {
    /// Registers somebody.
    pub async fn person(&self, username: &str) -> Person {
        let answer = self
            .ask(
                None,
                &Register {},
                &SessionQuery::default(),
                &Person::account(username),
            )
            .await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Person {
            session: serde_json::from_str(&answer.text).unwrap(),
        }
    }

    /// Makes two people friends.
    pub async fn befriend(&self, a: &Person, b: &Person) {
        let request = a.ask_friend(self, b).await.unwrap();
        b.call(
            self,
            &AcceptFriendRequest {
                request_id: request.id,
            },
            &Nothing,
        )
        .await
        .unwrap();
    }
}

impl Person {
    /// What somebody with a name registers with.
    pub fn account(username: &str) -> NewAccount {
        NewAccount {
            username: username.to_owned(),
            email: format!("{username}@example.org"),
            password: PASSWORD.to_owned(),
            display_name: format!("{} Test", username.to_uppercase()),
            invitation: None,
        }
    }

    /// Their id.
    pub fn id(&self) -> UserId {
        self.session.user.id
    }

    /// Their name.
    pub fn username(&self) -> String {
        self.session.user.username.clone()
    }

    /// What their requests carry.
    pub fn token(&self) -> Option<&str> {
        Some(&self.session.access_token)
    }

    /// Calls an operation without query.
    pub async fn call<E: Endpoint>(
        &self,
        app: &Client,
        endpoint: &E,
        body: &E::Body,
    ) -> Result<E::Reply, ErrorCode>
    where
        E::Query: Default,
    {
        self.call_with(app, endpoint, &E::Query::default(), body).await
    }

    /// Calls an operation.
    pub async fn call_with<E: Endpoint>(
        &self,
        app: &Client,
        endpoint: &E,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, ErrorCode> {
        self.try_call_with(app, endpoint, query, body).await.unwrap()
    }

    /// The same, where no answer is an answer too.
    pub async fn try_call_with<E: Endpoint>(
        &self,
        app: &Client,
        endpoint: &E,
        query: &E::Query,
        body: &E::Body,
    ) -> Option<Result<E::Reply, ErrorCode>> {
        let answer = app.try_ask(self.token(), endpoint, query, body).await?;
        Some(match answer.status {
            204 | 202 if answer.text.is_empty() => Ok(serde_json::from_str("null").unwrap()),
            200..=299 => Ok(serde_json::from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {answer:?}"))),
            _ => {
                let problem: Problem =
                    serde_json::from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {answer:?}"));
                Err(problem.code)
            }
        })
    }

    /// Asks somebody to be friends.
    pub async fn ask_friend(&self, app: &Client, other: &Person) -> Result<FriendRequest, ErrorCode> {
        self.call(
            app,
            &CreateFriendRequest {},
            &NewFriendRequest { user_id: other.id() },
        )
        .await
    }

    /// The conversation with a friend.
    pub async fn open(&self, app: &Client, other: &Person) -> Conversation {
        let new = NewConversation {
            kind: ConversationKind::Direct,
            user_id: other.id(),
        };
        self.call(app, &OpenConversation {}, &new).await.unwrap()
    }

    /// Sends a message.
    pub async fn say(
        &self,
        app: &Client,
        conversation_id: ConversationId,
        body: &str,
    ) -> Result<Message, ErrorCode> {
        let new = NewMessage {
            client_id: client_id(),
            body: body.to_owned(),
            reply_to_id: None,
            media_ids: Vec::new(),
        };
        self.call(app, &SendMessage { conversation_id }, &new).await
    }

    /// Writes a post for friends.
    pub async fn post(&self, app: &Client, body: &str) -> Post {
        self.post_for(app, body, Audience::Friends).await
    }

    /// Writes a post for some audience.
    pub async fn post_for(&self, app: &Client, body: &str, audience: Audience) -> Post {
        let new = NewPost {
            client_id: client_id(),
            body: body.to_owned(),
            audience,
            media_ids: Vec::new(),
            shared_post_id: None,
        };
        self.call(app, &CreatePost {}, &new).await.unwrap()
    }

    /// Comments on a post.
    pub async fn comment(&self, app: &Client, post: &Post, body: &str) -> Result<Comment, ErrorCode> {
        self.comment_on(app, post.id, body).await
    }

    /// The same, by the id of the post.
    pub async fn comment_on(&self, app: &Client, post_id: PostId, body: &str) -> Result<Comment, ErrorCode> {
        let new = NewComment {
            client_id: client_id(),
            body: body.to_owned(),
            parent_id: None,
        };
        self.call(app, &CreateComment { post_id }, &new).await
    }
}
