//! What is taken as a film, what is kept of it, and how it comes.

use hearth_shared::media::{EditMedia, Media, MediaKind, MediaPatch, PIECE_SIZE};
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::TestApp;
use crate::support::films::{self, Mp4, WebM, boxed, bring, element, holding, mp4, refused, track, webm};
use crate::support::pictures::{self, Form, get, get_with, holds, stored};

fn facts(media: &Media) -> (Option<u32>, Option<u32>, Option<u64>) {
    (media.width, media.height, media.duration_ms)
}

/// Boxes in which cameras and programs write where, when and with what.
fn personal() -> Vec<u8> {
    [
        boxed(
            b"udta",
            &boxed(b"\xa9xyz", b"\0\x12\x15\xc7CANARY+48.2082+016.3738/"),
        ),
        boxed(b"meta", b"\0\0\0\0CANARY com.apple.quicktime.location.ISO6709"),
        boxed(
            b"uuid",
            b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xacCANARY <x:xmpmeta>",
        ),
        boxed(b"free", b"CANARY <script>alert(1)</script>"),
        boxed(b"CAME", b"CANARY serial number 12345"),
    ]
    .concat()
}

/// A track beside the pictures, with samples of so many bytes at these places of the file, each by itself.
fn places_of_a_camera(places: &[u32], sizes: &[u32]) -> Vec<u8> {
    let table = |numbers: &[u32]| {
        numbers
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect::<Vec<u8>>()
    };
    let count = |numbers: &[u32]| u32::try_from(numbers.len()).unwrap();
    let tables = [
        boxed(b"stsc", &table(&[0, 1, 1, 1, 1])),
        boxed(b"stsz", &[table(&[0, 0, count(sizes)]), table(sizes)].concat()),
        boxed(b"stco", &[table(&[0, count(places)]), table(places)].concat()),
    ];
    track(&Mp4::default(), b"meta", b"gpmd", &tables)
}

everywhere! {
    async fn films_are_known_by_what_is_in_them(app: TestApp) {
        let ada = app.person("ada").await;
        for (film, kind, wanted) in [
            (mp4(&Mp4::default()), "video/mp4", (320, 180, 2500)),
            (mp4(&Mp4 { brand: *b"qt  ", codec: *b"avc3", ..Mp4::default() }), "video/mp4", (320, 180, 2500)),
            (mp4(&Mp4 { brand: *b"mp42", codec: *b"av01", turned: true, ..Mp4::default() }), "video/mp4", (180, 320, 2500)),
            (mp4(&Mp4 { brand: *b"M4V ", codec: *b"vp09", ..Mp4::default() }), "video/mp4", (320, 180, 2500)),
            (webm(&WebM::default()), "video/webm", (160, 90, 1500)),
            (webm(&WebM { codec: "V_AV1", ..WebM::default() }), "video/webm", (160, 90, 1500)),
            // As browsers record: no lengths, and nobody has said how long it is.
            (webm(&WebM { codec: "V_VP8", duration: None, sized: false, ..WebM::default() }), "video/webm", (160, 90, 1200)),
        ] {
            let media = bring(&app, &ada, &film).await;
            assert_eq!(media.kind, MediaKind::Video);
            assert_eq!(facts(&media), (Some(wanted.0), Some(wanted.1), Some(wanted.2)));
            assert_eq!(media.size, film.len() as u64);
            let (status, headers, bytes) = get(&app, &media.url).await;
            assert_eq!((status, headers["content-type"].to_str().unwrap(), bytes.len()), (200, kind, film.len()));
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["content-security-policy"], "default-src 'none'; sandbox");
            let ending = if kind == "video/mp4" { "at sea.mp4" } else { "at sea.webm" };
            assert_eq!(media.name, ending, "what it is called is not what it is");
            // What one has taken from here one can bring again.
            assert_eq!(facts(&bring(&app, &ada, &bytes).await), facts(&media));
        }
    }

    async fn nothing_personal_is_kept_of_a_film(app: TestApp) {
        let ada = app.person("ada").await;
        let film = Mp4 {
            in_moov: [personal(), boxed(b"iods", b"CANARY")].concat(),
            in_trak: personal(),
            before: personal(),
            behind: personal(),
            data: b"the pictures".to_vec(),
            ..Mp4::default()
        };
        let beside = [
            element(0x1254_c367, &element(0x7373, b"CANARY LOCATION")),
            element(0x1941_a469, b"CANARY a page <html>"),
            element(0x1043_a770, b"CANARY a chapter"),
            element(0xec, b"CANARY in a void"),
            element(0xbf, b"CRC!"),
        ].concat();
        let wide = WebM { beside, ..WebM::default() };
        let mut behind = webm(&wide);
        behind.extend(b"<!doctype html>CANARY");
        for film in [mp4(&film), webm(&wide), webm(&WebM { sized: true, ..wide.clone() }), behind] {
            assert!(holds(&film, b"CANARY"));
            let media = bring(&app, &ada, &film).await;
            let (_, _, bytes) = get(&app, &media.url).await;
            assert_eq!(bytes.len(), film.len(), "nothing in it moves");
            assert!(!holds(&bytes, b"CANARY"), "{}", String::from_utf8_lossy(&bytes));
            assert!(!holds(&bytes, &films::TAKEN), "not even when it was taken");
        }
        for (path, bytes) in stored(&app) {
            assert!(!holds(&bytes, b"CANARY") && !holds(&bytes, b"<script"), "{}", path.display());
        }
    }

    /// A track of places lies among the pictures.
    async fn where_a_camera_was_is_forgotten(app: TestApp) {
        let ada = app.person("ada").await;
        let data = b"pictures CANARY one pictures CANARY two sound".to_vec();
        let film = |first: u32| {
            let places = places_of_a_camera(&[first + 9, first + 29], &[10, 10]);
            mp4(&Mp4 { data: data.clone(), in_moov: places, ..Mp4::default() })
        };
        let begin = film(0).windows(8).position(|window| window == b"pictures").unwrap();
        let film = film(u32::try_from(begin).unwrap());
        let media = bring(&app, &ada, &film).await;
        let (_, _, bytes) = get(&app, &media.url).await;
        assert_eq!(&bytes[begin..], b"pictures \0\0\0\0\0\0\0\0\0\0 pictures \0\0\0\0\0\0\0\0\0\0 sound");
        assert!(!holds(&bytes, b"gpmd"));
    }

    async fn what_is_no_film_is_refused_and_leaves_nothing(app: TestApp) {
        let ada = app.person("ada").await;
        let whole = mp4(&Mp4::default());
        let whole_webm = webm(&WebM::default());
        let film = |change: fn(&mut Mp4)| {
            let mut film = Mp4::default();
            change(&mut film);
            mp4(&film)
        };
        let mut lying = whole.clone();
        let moov = lying.windows(4).position(|window| window == b"moov").unwrap();
        lying[moov - 4..moov].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
        let mut tiny = whole.clone();
        tiny[moov - 4..moov].copy_from_slice(&4_u32.to_be_bytes());
        let mut lying_webm = whole_webm.clone();
        let info = lying_webm.windows(4).position(|window| window == [0x15, 0x49, 0xa9, 0x66]).unwrap();
        lying_webm[info + 4..info + 12].copy_from_slice(&((1_u64 << 56) | (1 << 40)).to_be_bytes());
        let deep = (0..2000).fold(Vec::new(), |inside, _| boxed(b"moov", &inside));
        for (name, bytes, code) in [
            ("a picture", pictures::jpeg(60, 40), "unsupported_video"),
            ("a page", b"<!doctype html><script>alert(1)</script>".to_vec(), "unsupported_video"),
            ("one byte", b"x".to_vec(), "unsupported_video"),
            ("a brand of pictures", film(|film| film.brand = *b"heic"), "unsupported_video"),
            ("a codec that few play", film(|film| film.codec = *b"hvc1"), "unsupported_video"),
            ("only its first box", boxed(b"ftyp", b"isom\0\0\0\0"), "unsupported_video"),
            ("sound alone", [boxed(b"ftyp", b"isom\0\0\0\0"), boxed(b"mdat", b"x")].concat(), "unsupported_video"),
            ("Matroska", webm(&WebM { kind: "matroska", ..WebM::default() }), "unsupported_video"),
            ("another codec", webm(&WebM { codec: "V_MPEG4/ISO/AVC", ..WebM::default() }), "unsupported_video"),
            ("cut", whole[..whole.len() - 1].to_vec(), "broken_video"),
            ("cut in its index", whole[..moov + 60].to_vec(), "broken_video"),
            ("a box that is larger than the film", lying, "broken_video"),
            ("a box that is smaller than its head", tiny, "broken_video"),
            ("samples outside of it", film(|film| film.in_moov = places_of_a_camera(&[8, 1 << 30], &[4, 4])), "broken_video"),
            ("samples that lie in one another", film(|film| film.in_moov = places_of_a_camera(&[8; 40], &[100; 40])), "broken_video"),
            ("no time", film(|film| film.duration = 0), "broken_video"),
            ("no pixels", film(|film| film.size = (0, 180)), "broken_video"),
            ("no data", film(|film| film.data = Vec::new()), "broken_video"),
            ("more behind it", [whole.as_slice(), b"<html>"].concat(), "broken_video"),
            ("half a WebM", whole_webm[..whole_webm.len() - 5].to_vec(), "broken_video"),
            ("a WebM that lies", lying_webm, "broken_video"),
            ("nothing but its head", whole_webm[..60].to_vec(), "broken_video"),
            ("too long", film(|film| film.duration = 4_294_967_294), "video_too_large"),
            ("too wide", film(|film| film.size = (8193, 180)), "video_too_large"),
            ("too long a WebM", webm(&WebM { duration: Some(f64::MAX), ..WebM::default() }), "video_too_large"),
            ("60000 boxes", film(|film| film.in_moov = boxed(b"free", b"").repeat(60_000)), "video_too_large"),
            ("60000 elements", webm(&WebM { beside: element(0xec, b"").repeat(60_000), ..WebM::default() }), "video_too_large"),
            ("boxes in boxes", [boxed(b"ftyp", b"isom\0\0\0\0"), holding(b"moov", &[deep])].concat(), "unsupported_video"),
        ] {
            assert_eq!(refused(&app, &ada, &bytes).await, code, "{name}");
        }
        assert!(stored(&app).is_empty(), "of none a piece is left");
        // Nor does it take one of the few places.
        films::begin(&app, &ada, &whole).await;
    }

    async fn a_part_of_a_film_is_given_to_who_asks_for_it(app: TestApp) {
        let ada = app.person("ada").await;
        let film = films::long(2);
        let media = bring(&app, &ada, &film).await;
        let size = film.len();
        let from = usize::try_from(PIECE_SIZE).unwrap() - 3;
        let range = format!("bytes={from}-{}", from + 5);
        let (status, headers, part) = get_with(&app, &media.url, &[("range", &range)]).await;
        assert_eq!((status, part.as_slice()), (206, &film[from..from + 6]));
        assert_eq!(headers["content-range"].to_str().unwrap(), format!("bytes {from}-{}/{size}", from + 5));
        assert_eq!(headers["accept-ranges"], "bytes");
        let (status, _, part) = get_with(&app, &media.url, &[("range", "bytes=-4")]).await;
        assert_eq!((status, part.as_slice()), (206, &film[size - 4..]));
        let head = app.http.head(format!("{}{}", app.base(), media.url)).send().await.unwrap();
        assert_eq!((head.status().as_u16(), head.headers()["content-length"].to_str().unwrap()), (200, size.to_string().as_str()));
        assert_eq!(head.headers()["content-type"], "video/mp4");
        // It has no smaller sizes, and is no picture.
        let call = Form::new().field("media_id", media.id).put(&app, &ada, "avatar").await;
        assert_eq!(call.json()["errors"][0]["code"], "not_offered");
    }

    async fn what_is_to_be_seen_is_said_by_its_owner(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let media = pictures::upload(&app, &ada).await;
        let call = EditMedia { media_id: media.id };
        let patch = |text: &str| MediaPatch { alt_text: text.to_owned() };
        assert_eq!(ben.call(&app, &call, &patch("x")).await, Err(ErrorCode::NotFound));
        let after = ada.call(&app, &call, &patch(" a red corner ")).await.unwrap();
        assert_eq!((after.id, after.alt_text.as_str()), (media.id, "a red corner"));
        assert_eq!(ada.call(&app, &call, &patch("a red corner")).await.unwrap().alt_text, "a red corner");
        assert_eq!(ada.call(&app, &call, &patch(&"x".repeat(1001))).await, Err(ErrorCode::ValidationFailed));
        assert_eq!(ben.call(&app, &EditMedia { media_id: hearth_shared::ids::Id::new(7) }, &patch("x")).await, Err(ErrorCode::NotFound));
        assert_eq!(ada.call(&app, &call, &patch("")).await.unwrap().alt_text, "");
    }
}
