//! Posts that pass others on.

use hearth_shared::posts::{Original, Shared};

use super::*;

fn sharing(id: i64, original: &Post) -> Post {
    let mut sharing = post(id, 3);
    sharing.shared = Some(Shared::Post(Box::new(Original::from(original.clone()))));
    sharing
}

#[test]
fn a_shared_post_follows_its_original() {
    let mut posts = Posts::default();
    let key = posts.learn(sharing(2, &post(1, 1)), 0).unwrap();
    let shared = |posts: &Posts| posts.get(&key).unwrap().post.shared.clone();
    let mut edited = post(1, 1);
    edited.body = "new".into();
    posts.learn(edited, 0);
    assert!(matches!(shared(&posts), Some(Shared::Post(original)) if original.body == "new"));
    let removed = posts.take_out(&PostKey::of(&post(1, 1))).unwrap();
    assert_eq!(shared(&posts), Some(Shared::Unavailable));
    assert_eq!(
        posts.sharers(PostId::new(1)),
        std::slice::from_ref(&key),
        "it is still listened for"
    );
    posts.put_back(removed);
    assert!(matches!(shared(&posts), Some(Shared::Post(_))));
    posts.estranged(UserId::new(1));
    assert_eq!(shared(&posts), Some(Shared::Unavailable));
}

#[test]
fn a_post_that_is_passed_on_counts_it_once() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 1), 0).unwrap();
    let since = posts.reading();
    posts.passed_on(PostId::new(1), since);
    assert_eq!(posts.get(&key).unwrap().post.share_count, 1);
    let since = posts.reading();
    let mut said = state(1, 0, 0);
    said.share_count = 2;
    posts.observe(&said);
    posts.passed_on(PostId::new(1), since);
    assert_eq!(posts.get(&key).unwrap().post.share_count, 2);
}
