//! What happens to pictures and films before they are posted.

use hearth_shared::ids::Id;

use super::*;

const MIB: f64 = 1024.0 * 1024.0;

fn media(id: i64, alt: &str) -> Media {
    media_of(&Kept {
        id: MediaId::new(id),
        kind: MediaKind::Image,
        alt: alt.into(),
        name: "a.jpg".into(),
    })
}

fn with(count: usize) -> Tray {
    let mut tray = Tray::default();
    for _ in 0..count {
        tray.add("a.jpg", "image/jpeg", MIB).unwrap();
    }
    tray
}

fn keys(tray: &Tray) -> Vec<u32> {
    tray.items().iter().map(|item| item.key).collect()
}

#[test]
fn what_cannot_be_posted_is_refused_with_its_reason() {
    for (name, kind, bytes, refusal) in [
        ("a.pdf", "application/pdf", MIB, Refusal::Kind),
        ("a.heic", "image/heic", MIB, Refusal::Kind),
        ("a.mov", "video/quicktime", MIB, Refusal::Kind),
        ("a.jpg", "image/jpeg", 0.0, Refusal::Empty),
        ("a.jpg", "image/jpeg", 61.0 * MIB, Refusal::Picture),
        ("a.gif", "image/gif", 11.0 * MIB, Refusal::Picture),
        ("a.mp4", "video/mp4", 257.0 * MIB, Refusal::Film),
    ] {
        let mut tray = Tray::default();
        assert_eq!(tray.add(name, kind, bytes), None, "{name}");
        assert_eq!(tray.refused, [(name.to_owned(), refusal)]);
    }
    assert!(Tray::default().add("A.MP4", "", MIB).is_some(), "by its name");
}

#[test]
fn ten_pictures_or_one_film() {
    let mut tray = with(MEDIA_MAX);
    assert!(!tray.has_place());
    tray.add("b.jpg", "image/jpeg", MIB);
    assert_eq!(tray.refused, [("b.jpg".to_owned(), Refusal::Many)]);
    let mut tray = with(1);
    assert_eq!(tray.add("b.mp4", "video/mp4", MIB), None);
    assert_eq!(tray.refused[0].1, Refusal::Alone);
    let mut tray = Tray::default();
    tray.add("b.webm", "video/webm", MIB).unwrap();
    assert_eq!(tray.add("a.jpg", "image/jpeg", MIB), None);
    assert!(!tray.has_place());
}

#[test]
fn two_at_once_and_the_next_when_one_is_through() {
    let mut tray = with(4);
    assert_eq!(
        (tray.begin(), tray.begin(), tray.begin()),
        (Some(1), Some(2), None)
    );
    assert!(tray.progress(1, 0.5) && !tray.progress(1, 0.4) && !tray.progress(3, 0.5));
    tray.arrived(1, media(1, ""));
    assert_eq!((tray.begin(), tray.begin()), (Some(3), None));
    tray.failed(2, "No.".into(), true);
    assert_eq!(tray.begin(), Some(4));
    assert_eq!(tray.open(), (2, 1));
    assert!(!tray.is_ready());
    tray.retry(2);
    tray.arrived(3, media(3, ""));
    tray.arrived(4, media(4, ""));
    assert_eq!(tray.begin(), Some(2));
    tray.arrived(2, media(2, ""));
    assert!(tray.is_ready());
    let ids: Vec<i64> = tray.media().iter().map(|media| media.id.get()).collect();
    assert_eq!(ids, [1, 2, 3, 4], "in their order, not in that of their arrival");
}

#[test]
fn the_last_per_cent_is_the_answer() {
    let mut tray = with(1);
    tray.begin();
    tray.progress(1, 1.0);
    assert_eq!(tray.items()[0].step, Step::Going(99));
    tray.progress(1, 7.0);
    assert_eq!(tray.items()[0].step, Step::Going(99));
}

#[test]
fn they_change_places() {
    let mut tray = with(3);
    assert_eq!(tray.put(3, 0), Some(1));
    assert_eq!(keys(&tray), [3, 1, 2]);
    assert_eq!(
        (tray.put(3, 3), tray.put(3, 0), tray.put(9, 0)),
        (None, None, None)
    );
    tray.remove(1);
    assert_eq!(keys(&tray), [3, 2]);
    assert_eq!(
        tray.add("a.jpg", "image/jpeg", MIB),
        Some(4),
        "a key is never used again"
    );
}

#[test]
fn a_description_is_told_whenever_it_was_typed() {
    let mut tray = with(2);
    tray.begin();
    tray.begin();
    tray.describe(1, "A lake".into());
    tray.arrived(1, media(1, ""));
    assert_eq!(
        tray.items()[0].step,
        Step::Waiting,
        "typed while it was on its way"
    );
    assert_eq!(tray.begin(), Some(1));
    tray.arrived(1, media(1, "A lake"));
    assert_eq!(tray.items()[0].step, Step::Done);
    tray.describe(1, "A lake ".into());
    assert_eq!(tray.items()[0].step, Step::Done, "nothing new");
    tray.describe(1, "A pond".into());
    assert_eq!(tray.items()[0].step, Step::Waiting);
}

#[test]
fn a_draft_comes_back_and_what_is_gone_is_said() {
    let mut tray = with(3);
    while tray.begin().is_some() {}
    tray.arrived(1, media(1, "A lake"));
    tray.arrived(2, media(2, ""));
    tray.put(2, 0);
    let kept = tray.kept();
    let ids: Vec<i64> = kept.iter().map(|one| one.id.get()).collect();
    assert_eq!(ids, [2, 1], "only what the server has");
    let text = serde_json::to_string(&kept).unwrap();
    let mut again = Tray::default();
    again.restore(&serde_json::from_str::<Vec<Kept>>(&text).unwrap());
    assert_eq!(again.kept(), kept);
    assert!(!again.is_ready(), "the server is asked first");
    assert_eq!(again.begin(), Some(1));
    again.lose(1);
    assert!(again.lost && again.kept().len() == 1);
    // Here is one more that is still on its way; another tab has removed the first.
    tray.restore(&kept[1..]);
    assert_eq!(keys(&tray), [1, 3]);
}

#[test]
fn what_stands_beside_a_post_needs_no_sending() {
    let mut tray = Tray::of(&[media(7, "x"), media(8, "")]);
    assert!(tray.is_ready() && tray.begin().is_none());
    tray.look_again(2);
    assert_eq!(tray.begin(), Some(2));
}

#[test]
fn what_only_the_network_was_in_the_way_of_goes_by_itself_later() {
    let mut tray = with(2);
    tray.begin();
    tray.begin();
    tray.failed(1, "away".into(), true);
    tray.failed(2, "broken".into(), false);
    tray.retry_all();
    assert_eq!(tray.open(), (1, 1));
    assert_eq!(tray.begin(), Some(1));
}

#[test]
fn a_message_takes_files_of_all_kinds_together() {
    let mut tray = Tray::for_message();
    for (name, kind, bytes, brought) in [
        ("a.jpg", "image/jpeg", MIB, MediaKind::Image),
        ("b.mp4", "video/mp4", MIB, MediaKind::Video),
        ("c.pdf", "application/pdf", MIB, MediaKind::File),
        ("d.tiff", "image/tiff", MIB, MediaKind::File),
        ("e.svg", "image/svg+xml", MIB, MediaKind::File),
        ("f.avi", "video/x-msvideo", MIB, MediaKind::File),
        ("g.jpg", "image/jpeg", 61.0 * MIB, MediaKind::File),
        ("h.gif", "image/gif", 11.0 * MIB, MediaKind::File),
    ] {
        let key = tray.add(name, kind, bytes).unwrap();
        assert_eq!(tray.get(key).unwrap().kind, brought, "{name}");
    }
    assert_eq!(tray.add("i.zip", "application/zip", 257.0 * MIB), None);
    assert_eq!(tray.add("j.mp4", "video/mp4", 257.0 * MIB), None);
    assert_eq!(tray.add("k.txt", "text/plain", 0.0), None);
    tray.add("l.txt", "text/plain", 1.0).unwrap();
    assert!(tray.has_place());
    tray.add("m.txt", "text/plain", 1.0).unwrap();
    assert!(!tray.has_place());
    tray.add("n.txt", "text/plain", 1.0);
    // What may know where it was taken goes as it is, and that is said.
    let raw = tray
        .refused
        .iter()
        .filter(|(_, refusal)| *refusal == Refusal::Raw);
    let raw: Vec<&str> = raw.map(|(name, _)| name.as_str()).collect();
    assert_eq!(raw, ["d.tiff", "e.svg", "f.avi", "g.jpg", "h.gif"]);
    let why = tray.refused.iter().map(|(_, refusal)| *refusal);
    let why: Vec<Refusal> = why.filter(|refusal| *refusal != Refusal::Raw).collect();
    assert_eq!(
        why,
        [Refusal::File, Refusal::File, Refusal::Empty, Refusal::ManyFiles]
    );
    assert_eq!(tray.emptied().rules, For::Message);
}

#[test]
fn what_is_no_picture_goes_as_a_file_in_a_message_only() {
    let mut tray = Tray::for_message();
    let key = tray.add("a.heic", "", MIB).unwrap();
    tray.preview(key, "blob:1".into());
    tray.begin();
    assert!(tray.make_file(key));
    let item = tray.get(key).unwrap();
    assert_eq!((item.kind, &item.step), (MediaKind::File, &Step::Waiting));
    assert_eq!(item.preview, None);
    assert!(!tray.make_file(key), "once");
    let mut tray = with(1);
    assert!(!tray.make_file(1));
}

#[test]
fn a_recording_is_never_left_out_and_goes_as_a_file_when_it_must() {
    let mut tray = Tray::for_message();
    for at in 0..10 {
        tray.add(&format!("{at}.txt"), "text/plain", 1.0).unwrap();
    }
    let key = tray.add_voice("Voice message.webm", MIB);
    tray.preview(key, "blob:1".into());
    let item = tray.get(key).unwrap();
    assert_eq!(
        (item.kind, item.preview.as_deref()),
        (MediaKind::Audio, Some("blob:1"))
    );
    assert!(tray.make_file(key));
    let item = tray.get(key).unwrap();
    assert_eq!((item.kind, &item.step), (MediaKind::File, &Step::Waiting));
    assert!(tray.refused.is_empty(), "it knows no place");
    let long = tray.add_voice("Voice message.mp4", 21.0 * MIB);
    assert_eq!(tray.get(long).unwrap().kind, MediaKind::File);
}
