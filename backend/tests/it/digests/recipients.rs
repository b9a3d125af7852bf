//! To whom a digest goes: once a day at most, in the morning, and only to those who want it and have not been here.

use hearth_shared::endpoint::Nothing;
use hearth_shared::notifications::preferences::Topic;
use hearth_shared::notifications::{ListNotifications, MarkNotificationsRead, MarkNotificationsSeen, UpTo};

use super::{
    digests, execute, find, lives_where_it_is, morning, pass, quiet, reader, recipients, try_now, turn,
    until, waiting, with_mail,
};
use crate::support::{MailServer, Options, Person, TestApp};

/// Lets somebody be told that another one wants to be their friend.
async fn news(app: &TestApp, person: &Person, from: &str) {
    let other = app.person(from).await;
    other.ask_friend(app, person).await.unwrap();
}

/// Somebody whose mail the server has refused once, so far.
async fn refused_once(app: &TestApp, server: &MailServer, code: u16) -> Person {
    let ada = reader(app, "ada").await;
    news(app, &ada, "ben").await;
    pass(app, 4).await;
    server.refuse(Some(code));
    assert_eq!(find(app).await, 1);
    until("refused", async || server.refused() >= 1).await;
    ada
}

/// Up to where somebody was told.
async fn latest(app: &TestApp, person: &Person) -> UpTo {
    let told = person.call(app, &ListNotifications {}, &Nothing).await.unwrap();
    UpTo {
        up_to: told.items[0].position,
    }
}

with_mail! {
    async fn who_gets_one_and_who_does_not(app: TestApp, server: MailServer) {
        // What differs from somebody who is due, and whether they get one all the same.
        let people = [
            ("due", "SELECT 1", true),
            ("unverified", "UPDATE credentials SET email_verified_at = NULL WHERE user_id = {id}", false),
            ("suspended", "UPDATE users SET suspended_at = 1 WHERE id = {id}", false),
            ("leaving", "UPDATE users SET deletion_at = 9000000000000 WHERE id = {id}", false),
            ("seen", "INSERT INTO notification_marks (user_id, seen_seq) VALUES ({id}, 1000)", false),
            ("read", "UPDATE notifications SET read_seq = seq WHERE user_id = {id}", false),
            ("young", "UPDATE notifications SET updated_at = updated_at + 7200000 WHERE user_id = {id}", false),
            ("here", "UPDATE sessions SET rotated_at = rotated_at + 3600000 WHERE user_id = {id}", false),
            ("other_topic", "INSERT INTO notification_preferences (user_id, topic, channel, wanted)
                             VALUES ({id}, 'reactions', 'mail', 0), ({id}, 'friends', 'app', 1)", true),
            ("topic", "INSERT INTO notification_preferences (user_id, topic, channel, wanted)
                       VALUES ({id}, 'friends', 'mail', 0)", false),
        ];
        for (name, _, _) in &people {
            let person = reader(&app, name).await;
            news(&app, &person, &format!("of_{name}")).await;
        }
        for (name, hour) in [("night", 6), ("eight", 8), ("ten", 10), ("noon", 12)] {
            let person = reader(&app, name).await;
            news(&app, &person, &format!("of_{name}")).await;
            lives_where_it_is(&app, &person, hour).await;
        }
        pass(&app, 4).await;
        for (name, change, _) in &people {
            let id: i64 = id_of(&app, name).await;
            execute(&app, change.replace("{id}", &id.to_string())).await;
        }
        let mut expected: Vec<&str> = people.iter().filter(|(.., gets)| *gets).map(|(name, ..)| *name).collect();
        expected.extend(["eight", "ten"]);
        expected.sort_unstable();
        morning(&app, &server).await;
        assert_eq!(recipients(&server), expected);
    }

    async fn once_a_day_and_nothing_twice(app: TestApp, server: MailServer) {
        let ada = reader(&app, "ada").await;
        news(&app, &ada, "ben").await;
        pass(&app, 4).await;
        assert_eq!(morning(&app, &server).await.len(), 1);
        assert_eq!(morning(&app, &server).await.len(), 1, "told is told");
        news(&app, &ada, "cyd").await;
        pass(&app, 4).await;
        assert_eq!(morning(&app, &server).await.len(), 1, "not twice a day");
        pass(&app, 15).await;
        assert_eq!(find(&app).await, 0, "nineteen hours are not a day");
        pass(&app, 2).await;
        let mails = morning(&app, &server).await;
        assert_eq!(mails.len(), 2);
        let text = mails[1].text();
        assert!(text.contains("CYD Test wants to be your friend") && !text.contains("BEN"), "{text}");
        assert_ne!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
        pass(&app, 24).await;
        assert_eq!(morning(&app, &server).await.len(), 2, "nothing new");
    }

    /// Between being found and being written to.
    async fn whoever_looks_meanwhile_gets_none(app: TestApp, server: MailServer) {
        let (seeing, reading) = (reader(&app, "seeing").await, reader(&app, "reading").await);
        let staying = reader(&app, "staying").await;
        for (person, from) in [(&seeing, "one"), (&reading, "two"), (&staying, "three")] {
            news(&app, person, from).await;
        }
        pass(&app, 4).await;
        server.refuse(Some(451));
        assert_eq!(find(&app).await, 3);
        until("all are refused", async || server.refused() >= 3).await;
        assert_eq!(waiting(&app).await, 3);
        assert_eq!(find(&app).await, 0, "they wait already");
        let up_to = latest(&app, &seeing).await;
        seeing.call(&app, &MarkNotificationsSeen {}, &up_to).await.unwrap();
        let up_to = latest(&app, &reading).await;
        reading.call(&app, &MarkNotificationsRead {}, &up_to).await.unwrap();
        server.refuse(None);
        try_now(&app).await;
        quiet(&app).await;
        assert_eq!(recipients(&server), ["staying"]);
    }

    async fn whoever_switches_it_off_meanwhile_gets_none(app: TestApp, server: MailServer) {
        let ada = refused_once(&app, &server, 451).await;
        turn(&app, &ada, Topic::Friends, false).await;
        server.refuse(None);
        try_now(&app).await;
        quiet(&app).await;
        assert!(digests(&server).is_empty());
    }

    /// What could not be sent all morning waits for the next one.
    async fn nobody_is_written_to_at_night(app: TestApp, server: MailServer) {
        let ada = refused_once(&app, &server, 451).await;
        until("it waits again", async || untaken(&app).await).await;
        lives_where_it_is(&app, &ada, 22).await;
        server.refuse(None);
        try_now(&app).await;
        quiet(&app).await;
        assert!(digests(&server).is_empty(), "it is late");
        lives_where_it_is(&app, &ada, 9).await;
        assert_eq!(morning(&app, &server).await.len(), 1);
    }

    /// A mail server that says no takes nothing: it is tried again, as the same mail.
    async fn what_was_refused_comes_later_once(app: TestApp, server: MailServer) {
        let ada = reader(&app, "ada").await;
        news(&app, &ada, "ben").await;
        pass(&app, 4).await;
        server.refuse(Some(451));
        find(&app).await;
        for round in 1..4 {
            until("refused", async || server.refused() >= round).await;
            until("it waits again", async || untaken(&app).await).await;
            if round == 3 {
                server.refuse(None);
            }
            try_now(&app).await;
        }
        quiet(&app).await;
        assert_eq!(digests(&server).len(), 1, "however often it was refused");
        pass(&app, 24).await;
        assert_eq!(morning(&app, &server).await.len(), 1);
    }

    /// No dead job stays behind each day; the next day tells what is new.
    async fn what_is_refused_for_good_ends(app: TestApp, server: MailServer) {
        let ada = refused_once(&app, &server, 550).await;
        quiet(&app).await;
        let dead = "SELECT COUNT(*) AS number FROM jobs WHERE dead_at IS NOT NULL";
        assert_eq!(crate::authorization::count(&app, dead.to_owned()).await, 0);
        server.refuse(None);
        pass(&app, 21).await;
        assert_eq!(find(&app).await, 0, "it is not tried again");
        news(&app, &ada, "cyd").await;
        pass(&app, 4).await;
        assert_eq!(morning(&app, &server).await.len(), 1);
    }

    /// Twice nobody knows what came of it: then the digest of the next day tells it.
    async fn what_may_have_come_twice_is_not_sent_again(app: TestApp, server: MailServer) {
        refused_once(&app, &server, 451).await;
        until("it waits again", async || untaken(&app).await).await;
        // As if two programs had died with it.
        execute(&app, "UPDATE digests SET tries = 2, job_id = (SELECT id FROM jobs WHERE kind = 'digests.mail')").await;
        server.refuse(None);
        try_now(&app).await;
        quiet(&app).await;
        assert!(digests(&server).is_empty());
        assert_eq!(find(&app).await, 0, "not today");
        pass(&app, 21).await;
        let mails = morning(&app, &server).await;
        assert_eq!(mails.len(), 1, "nothing stays untold");
        assert!(mails[0].text().contains("BEN Test wants to be your friend"));
    }

    async fn two_nodes_that_look_at_once_send_one_each(app: TestApp, server: MailServer) {
        let names: Vec<String> = (0..12).map(|number| format!("reader_{number:02}")).collect();
        for name in &names {
            let person = reader(&app, name).await;
            news(&app, &person, &format!("of_{name}")).await;
        }
        pass(&app, 4).await;
        // The nodes by themselves, and everybody else at once.
        execute(&app, "UPDATE jobs SET due_at = 0 WHERE once_key = 'every:digests.find' AND leased_by IS NULL").await;
        let (first, second, third) = tokio::join!(find(&app), find(&app), find(&app));
        assert!(first + second + third <= names.len(), "one job for each");
        until("all have theirs", async || digests(&server).len() >= names.len()).await;
        quiet(&app).await;
        find(&app).await;
        quiet(&app).await;
        assert_eq!(recipients(&server), names);
    }
}

/// Nobody has taken the digest that waits.
async fn untaken(app: &TestApp) -> bool {
    use diesel::prelude::*;
    use hearth::schema::jobs;
    let taken = app.db().read(|conn| {
        let digests = jobs::table.filter(jobs::kind.eq("digests.mail"));
        let taken: Vec<Option<String>> = digests.select(jobs::leased_by).load(conn)?;
        Ok(taken)
    });
    taken.await.unwrap() == [None]
}

async fn id_of(app: &TestApp, name: &str) -> i64 {
    use diesel::prelude::*;
    use hearth::schema::users;
    let name = name.to_owned();
    let id = app.db().read(move |conn| {
        let named = users::table.filter(users::username.eq(name));
        Ok(named.select(users::id).first(conn)?)
    });
    id.await.unwrap()
}

#[tokio::test]
async fn a_host_who_wants_none_sends_none() {
    let server = MailServer::start();
    let app = TestApp::sqlite_with(Options {
        smtp: Some(server.port()),
        no_digests: true,
        ..Options::default()
    })
    .await;
    let ada = reader(&app, "ada").await;
    news(&app, &ada, "ben").await;
    pass(&app, 4).await;
    // What was left before it was turned off ends without a mail, too.
    assert_eq!(find(&app).await, 1);
    quiet(&app).await;
    assert!(digests(&server).is_empty());
}
