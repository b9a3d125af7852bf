//! Ten ways in which somebody's sessions end × everything that they could still hold in their hands. All of it is dead
//! within five seconds, on every node.

use std::time::{Duration, Instant};

use hearth::features::auth::links::Links;
use hearth::features::{auth, users};
use hearth::platform::db::{Outcome, Tx};
use hearth::platform::error::AppResult;
use hearth_shared::auth::{
    ChangePassword, CheckResetToken, EndOtherSessions, EndSession, Logout, MailToken, NewPassword,
    PasswordChange, Refresh, RefreshToken, ResetPassword,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::leaving::{DeleteAccount, DeleteMe, OwnMessages};
use hearth_shared::users::{EditMe, GetMe, MeChanges};
use hearth_testkit::person::PASSWORD;

use super::{IN_BODY, NEW_PASSWORD, device};
use crate::everywhere;
use crate::support::pictures;
use crate::support::{Person, Socket, TestApp};

/// Until then at the latest.
const DEAD: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy)]
enum Action {
    SignsOut,
    EndsTheDevice,
    EndsAllOthers,
    ChangesThePassword,
    UsesTheLink,
    UsesANewerLink,
    ChangesTheAddress,
    HostEndsTheSessions,
    HostSuspends,
    DeletesTheAccount,
}

const ACTIONS: [Action; 10] = [
    Action::SignsOut,
    Action::EndsTheDevice,
    Action::EndsAllOthers,
    Action::ChangesThePassword,
    Action::UsesTheLink,
    Action::UsesANewerLink,
    Action::ChangesTheAddress,
    Action::HostEndsTheSessions,
    Action::HostSuspends,
    Action::DeletesTheAccount,
];

/// What is in the hands of whoever holds the phone.
struct Hands {
    action: Action,
    desk: Person,
    phone: Person,
    socket: Socket,
    picture: String,
    reset: String,
}

async fn host<T: Send + 'static>(
    app: &TestApp,
    act: impl Fn(&mut Tx<'_>) -> AppResult<T> + Send + Sync + 'static,
) -> T {
    let done = app.db().write(move |tx| act(tx).map(Outcome::Commit)).await;
    done.unwrap_or_else(|error| panic!("{error}"))
}

async fn link(app: &TestApp, person: &Person) -> String {
    let user = person.id();
    let made = host(app, move |tx| {
        let links = Links::new(&"https://hearth.test".parse().map_err(anyhow::Error::from)?);
        auth::passwords::reset_link(tx, &links, user)
    });
    made.await.rsplit_once('#').unwrap().1.to_owned()
}

impl Hands {
    async fn fill(app: &TestApp, action: Action, number: usize) -> Self {
        let name = format!("person_{number}");
        let desk = app.person(&name).await;
        let phone = device(app, &name).await;
        pictures::set_cover(app, &desk).await;
        let socket = Socket::connect(app.socket_base(), &phone).await;
        let me = phone.call(app, &GetMe {}, &Nothing).await.unwrap();
        let picture = me.cover.unwrap().url;
        let reset = link(app, &desk).await;
        let hands = Self {
            action,
            desk,
            phone,
            socket,
            picture,
            reset,
        };
        assert_eq!(
            hands.alive(app).await,
            ["access", "picture", "link"],
            "{action:?}: before"
        );
        hands
    }

    async fn act(&self, app: &TestApp) {
        let reset = async |token: String| {
            let body = NewPassword {
                token,
                password: NEW_PASSWORD.into(),
            };
            let answer = app.ask(None, &ResetPassword {}, &Nothing, &body).await;
            assert_eq!(answer.status, 204, "{answer:?}");
        };
        let (desk, user) = (&self.desk, self.desk.id());
        match self.action {
            Action::SignsOut => {
                let refresh_token = self.phone.session.refresh_token.clone();
                self.phone
                    .call(app, &Logout {}, &RefreshToken { refresh_token })
                    .await
                    .map(drop)
            }
            Action::EndsTheDevice => {
                let session_id = self.phone.session.session_id;
                desk.call(app, &EndSession { session_id }, &Nothing)
                    .await
                    .map(drop)
            }
            Action::EndsAllOthers => desk.call(app, &EndOtherSessions {}, &Nothing).await.map(drop),
            Action::ChangesThePassword => {
                let change = PasswordChange {
                    current_password: PASSWORD.into(),
                    new_password: NEW_PASSWORD.into(),
                };
                desk.call(app, &ChangePassword {}, &change).await.map(drop)
            }
            Action::UsesTheLink => {
                reset(self.reset.clone()).await;
                Ok(())
            }
            Action::UsesANewerLink => {
                reset(link(app, desk).await).await;
                Ok(())
            }
            Action::ChangesTheAddress => {
                let changes = MeChanges {
                    email: Some(format!("new.{user}@example.org")),
                    current_password: Some(PASSWORD.into()),
                    ..MeChanges::default()
                };
                desk.call(app, &EditMe {}, &changes).await.map(drop)
            }
            Action::HostEndsTheSessions => {
                host(app, move |tx| auth::service::end_all(tx, user)).await;
                Ok(())
            }
            Action::HostSuspends => {
                host(app, move |tx| users::standing::suspend(tx, user)).await;
                Ok(())
            }
            Action::DeletesTheAccount => {
                let wish = DeleteAccount {
                    password: PASSWORD.into(),
                    code: None,
                    messages: OwnMessages::Keep,
                };
                desk.call(app, &DeleteMe {}, &wish).await.map(drop)
            }
        }
        .unwrap_or_else(|error| panic!("{:?}: {error:?}", self.action));
    }

    /// What of it still opens something on any node. The refresh token is not among it: to try it is to use it.
    async fn alive(&self, app: &TestApp) -> Vec<&'static str> {
        let mut alive = Vec::new();
        for node in app.nodes() {
            let me = node.ask(self.phone.token(), &GetMe {}, &Nothing, &Nothing).await;
            if me.status == 200 {
                alive.push("access");
            }
            let picture = node
                .http
                .get(format!("{}{}", node.base(), self.picture))
                .send()
                .await;
            if picture.unwrap().status() == 200 {
                alive.push("picture");
            }
            let token = MailToken {
                token: self.reset.clone(),
            };
            if node.ask(None, &CheckResetToken {}, &Nothing, &token).await.status == 204 {
                alive.push("link");
            }
        }
        alive.dedup();
        alive.truncate(3);
        alive
    }
}

everywhere! {
    async fn whoever_is_signed_out_holds_nothing_that_lives(app: TestApp) {
        let mut all = Vec::new();
        for (number, action) in ACTIONS.into_iter().enumerate() {
            all.push(Hands::fill(&app, action, number).await);
        }
        for mut hands in all {
            hands.act(&app).await;
            let begun = Instant::now();
            while let alive = hands.alive(&app).await && !alive.is_empty() {
                assert!(begun.elapsed() < DEAD, "{:?}: {alive:?} live on", hands.action);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            let refresh_token = hands.phone.session.refresh_token.clone();
            let answer = app.ask(None, &Refresh {}, &IN_BODY, &RefreshToken { refresh_token }).await;
            assert!(matches!(answer.status, 401 | 403), "{:?}: {answer:?}", hands.action);
            let left = DEAD.saturating_sub(begun.elapsed());
            let closed = tokio::time::timeout(left, &mut hands.socket.closed).await;
            assert!(closed.is_ok(), "{:?}: the socket lives on", hands.action);
        }
    }
}
