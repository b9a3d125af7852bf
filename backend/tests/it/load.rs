//! Many at once: what must be one stays one, counts are exact, nothing that was answered is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hearth_shared::endpoint::Nothing;
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{
    Audience, CreatePost, GetFeed, GetPost, NewPost, NewReaction, Post, ReactionKind, RemoveReaction,
    SetReaction,
};
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::{Person, TestApp, client_id};

everywhere! {
    async fn five_hundred_equal_requests_make_one_post(app: TestApp) {
        let ada = app.person("ada").await;
        let new = NewPost { client_id: client_id(), body: "once".into(), audience: Audience::Friends, media_ids: Vec::new(), shared_post_id: None };
        let answers = futures_util::future::join_all(
            (0..500).map(|_| app.ask(ada.token(), &CreatePost {}, &Nothing, &new)),
        ).await;
        let created = answers.iter().filter(|answer| answer.status == 201).count();
        let repeated = answers.iter().filter(|answer| answer.status == 200).count();
        // A server that is too busy says so, and has done nothing.
        let busy = answers.iter().filter(|answer| answer.status == 503).count();
        assert_eq!((created, created + repeated + busy), (1, 500));
        let posts: std::collections::HashSet<_> = answers.iter().filter(|a| a.status < 300).map(|a| a.text.clone()).collect();
        assert_eq!(posts.len(), 1, "everybody got the same post");
        assert_eq!(ada.call(&app, &GetFeed {}, &Nothing).await.unwrap().items.len(), 1);
    }

    async fn a_hundred_people_like_and_unlike_at_once(app: TestApp) {
        let author = app.person("author").await;
        let mut people = Vec::new();
        for n in 0..100 {
            let person = app.person(&format!("fan{n:03}")).await;
            app.befriend(&author, &person).await;
            people.push(person);
        }
        let post = author.post(&app, "x").await;
        // Each flips a few times and ends with a like when their number is odd.
        futures_util::future::join_all(people.iter().enumerate().map(|(n, person)| {
            let (app, set, remove) = (&app, SetReaction { post_id: post.id }, RemoveReaction { post_id: post.id });
            async move {
                for step in 0..(4 + n % 2) {
                    if step % 2 == 0 {
                        let like = NewReaction { kind: ReactionKind::Like };
                        until_answered(async || person.call(app, &set, &like).await).await;
                    } else {
                        until_answered(async || person.call(app, &remove, &Nothing).await).await;
                    }
                }
            }
        })).await;
        let post = author.call(&app, &GetPost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(post.reactions.get(&ReactionKind::Like), Some(&50));
        let mut mine = 0;
        for person in &people {
            let seen = person.call(&app, &GetPost { post_id: post.id }, &Nothing).await.unwrap();
            mine += u32::from(seen.my_reaction.is_some());
        }
        assert_eq!(mine, 50, "the rows say what the count says");
    }

    async fn sixty_four_writers_for_twenty_seconds(app: TestApp) {
        const WRITERS: usize = 64;
        let app = Arc::new(app);
        let mut people = Vec::new();
        for n in 0..WRITERS {
            people.push(app.person(&format!("writer{n}")).await);
        }
        let until = Instant::now() + Duration::from_secs(20);
        let longest = Arc::new(AtomicU64::new(0));
        let tasks: Vec<_> = people.iter().cloned().map(|person| {
            let (app, longest) = (Arc::clone(&app), Arc::clone(&longest));
            tokio::spawn(async move { write_until(&app, &person, until, &longest).await })
        }).collect();
        let mut total = 0;
        for (person, task) in people.iter().zip(tasks) {
            let written = task.await.unwrap();
            total += written.len();
            let kept = all_posts(&app, person).await;
            assert_eq!(kept, written, "every answered post is there, once, and nothing else");
        }
        println!(
            "64 writers, 20 s, {}: {total} posts, longest wait {} ms",
            std::thread::current().name().unwrap_or_default(),
            longest.load(Ordering::Relaxed)
        );
    }
}

/// A server that is too busy says so, and has done nothing: a person taps again.
async fn until_answered<T>(ask: impl AsyncFn() -> Result<T, ErrorCode>) -> T {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        match ask().await {
            Err(ErrorCode::Unavailable) if Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            answer => return answer.unwrap(),
        }
    }
}

/// Writes one post after the other; every one must be answered with 201.
async fn write_until(app: &TestApp, person: &Person, until: Instant, longest: &AtomicU64) -> Vec<Post> {
    let mut written = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        written.push(person.post(app, "x").await);
        let wait = u64::try_from(begun.elapsed().as_millis()).unwrap();
        longest.fetch_max(wait, Ordering::Relaxed);
    }
    written.reverse();
    written
}

async fn all_posts(app: &TestApp, person: &Person) -> Vec<Post> {
    let mut all = Vec::new();
    let mut query = PageQuery {
        limit: Some(100),
        cursor: None,
    };
    loop {
        let page = person
            .call_with(app, &GetFeed {}, &query, &Nothing)
            .await
            .unwrap();
        all.extend(page.items);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return all;
        }
    }
}
