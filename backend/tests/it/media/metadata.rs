//! Pictures stand upright, and nothing but their pixels is kept.

use hearth_shared::media::Media;
use image::{ImageFormat, RgbImage};
use serde_json::from_str;

use crate::everywhere;
use crate::support::TestApp;
use crate::support::pictures::{self, CORNERS, Form, corners, encode, get, holds, stored};

const CANARIES: [&str; 7] = [
    "CANARY-GPS-59.3293N",
    "CANARY-SERIAL-0042",
    "CANARY-XMP-creator",
    "CANARY-COMMENT",
    "CANARY-ICC-profile",
    "CANARY-THUMBNAIL",
    "CANARY-AFTER-THE-END",
];

/// One segment of a JPEG.
fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], length.as_slice(), content].concat()
}

/// Notes of a camera: how the picture lies, where it was taken, by which camera, and a small picture of it.
fn exif(orientation: u16) -> Vec<u8> {
    let texts = CANARIES[0].len() + CANARIES[1].len() + CANARIES[5].len();
    assert!(texts < 200);
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    tiff.extend([0, 3]);
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [
            &tag.to_be_bytes(),
            &kind.to_be_bytes(),
            count.to_be_bytes().as_slice(),
            &value,
        ]
        .concat()
    };
    let [high, low] = orientation.to_be_bytes();
    tiff.extend(entry(0x0112, 3, 1, [high, low, 0, 0]));
    // Serial number and place as texts, behind the directory.
    let behind = 8 + 2 + 3 * 12 + 4;
    let (gps, serial) = (CANARIES[0].as_bytes(), CANARIES[1].as_bytes());
    let count = |text: &[u8]| u32::try_from(text.len()).unwrap();
    tiff.extend(entry(0xa431, 2, count(serial), u32::to_be_bytes(behind)));
    tiff.extend(entry(
        0x001d,
        2,
        count(gps),
        u32::to_be_bytes(behind + count(serial)),
    ));
    tiff.extend([0; 4]);
    tiff.extend(serial);
    tiff.extend(gps);
    // A picture in the picture, with an end of its own.
    tiff.extend(pictures::jpeg(8, 8));
    tiff.extend(CANARIES[5].as_bytes());
    [b"Exif\0\0".as_slice(), &tiff].concat()
}

/// A JPEG as a camera makes it that was held in one of eight ways, full of notes.
fn photo(upright: &RgbImage, orientation: u8) -> Vec<u8> {
    use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
    // What the camera has to write so that turning it as told gives the upright picture.
    let lying = match orientation {
        1 => upright.clone(),
        2 => flip_horizontal(upright),
        3 => rotate180(upright),
        4 => flip_vertical(upright),
        5 => rotate270(&flip_horizontal(upright)),
        6 => rotate270(upright),
        7 => rotate90(&flip_horizontal(upright)),
        _ => rotate90(upright),
    };
    let plain = encode(lying, ImageFormat::Jpeg);
    let xmp = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>{}</x:xmpmeta>",
        CANARIES[2]
    );
    let icc = format!("ICC_PROFILE\0\x01\x01{}", CANARIES[4]);
    [
        &plain[..2],
        &segment(0xe1, &exif(u16::from(orientation))),
        &segment(0xe1, xmp.as_bytes()),
        &segment(0xe2, icc.as_bytes()),
        &segment(0xfe, CANARIES[3].as_bytes()),
        &plain[2..],
        CANARIES[6].as_bytes(),
    ]
    .concat()
}

/// Near enough, after JPEG and scaling.
fn like(pixel: &[u8], wanted: [u8; 3]) -> bool {
    pixel.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 40)
}

fn assert_upright(bytes: &[u8], what: &str) {
    let seen = image::load_from_memory(bytes).unwrap().to_rgb8();
    let (width, height) = seen.dimensions();
    let at = [
        (width / 4, height / 4),
        (width * 3 / 4, height / 4),
        (width / 4, height * 3 / 4),
        (width * 3 / 4, height * 3 / 4),
    ];
    for ((x, y), wanted) in at.into_iter().zip(CORNERS) {
        let pixel = seen.get_pixel(x, y);
        assert!(
            like(&pixel.0, wanted),
            "{what}: {pixel:?} at {x},{y} instead of {wanted:?}"
        );
    }
}

fn assert_clean(app: &TestApp) {
    let files = stored(app);
    assert!(!files.is_empty());
    for (path, bytes) in files {
        for canary in CANARIES {
            assert!(
                !holds(&bytes, canary.as_bytes()),
                "{canary} in {}",
                path.display()
            );
        }
        for note in [
            b"Exif".as_slice(),
            b"ICC_PROFILE",
            b"iCCP",
            b"eXIf",
            b"tEXt",
            b"iTXt",
            b"EXIF",
            b"XMP ",
        ] {
            assert!(!holds(&bytes, note), "{note:?} in {}", path.display());
        }
    }
}

everywhere! {
    async fn all_eight_orientations_stand_upright_and_clean(app: TestApp) {
        let ada = app.person("ada").await;
        for orientation in 1..=8 {
            let photo = photo(&corners(96, 64), orientation);
            let answer = Form::new().file("p.jpg", &photo).post(&app, &ada).await;
            assert_eq!(answer.status, 201, "{orientation}: {answer:?}");
            let media: Media = from_str(&answer.text).unwrap();
            assert_eq!((media.width, media.height), (Some(96), Some(64)), "{orientation}");
            assert!(media.blurhash.is_some_and(|hash| hash.len() > 10));
            for address in [Some(media.url), media.medium_url, media.thumb_url] {
                let (status, _, bytes) = get(&app, &address.unwrap()).await;
                assert_eq!(status, 200);
                assert_upright(&bytes, &format!("orientation {orientation}"));
            }
        }
        assert_clean(&app);
    }

    /// The part is chosen on the upright picture, however the file holds it.
    async fn a_part_is_cut_out_of_the_upright_picture(app: TestApp) {
        let ada = app.person("ada").await;
        for orientation in 1..=8 {
            let photo = photo(&corners(96, 64), orientation);
            // The blue corner: below on the left.
            let form = Form::new().field("crop_x", 4).field("crop_y", 36).field("crop_size", 24);
            let answer = form.file("p.jpg", &photo).put(&app, &ada, "avatar").await;
            assert_eq!(answer.status, 200, "{answer:?}");
            let me: hearth_shared::users::Me = from_str(&answer.text).unwrap();
            for (address, side) in [(me.user.avatar_url.clone().unwrap(), 128), (me.user.large_avatar_url().unwrap(), 512)] {
                let (status, _, bytes) = get(&app, &address).await;
                assert_eq!(status, 200);
                let seen = image::load_from_memory(&bytes).unwrap().to_rgb8();
                assert_eq!(seen.dimensions(), (side, side));
                for pixel in [seen.get_pixel(3, 3), seen.get_pixel(side - 4, side - 4)] {
                    assert!(like(&pixel.0, CORNERS[2]), "{orientation}: {pixel:?}");
                }
            }
        }
        assert_clean(&app);
    }

    /// Every kind of file, with and without transparency, and nothing of its notes.
    async fn every_kind_is_made_anew(app: TestApp) {
        let ada = app.person("ada").await;
        let clear = image::RgbaImage::from_fn(50, 40, |x, y| image::Rgba([x as u8, y as u8, 9, (x * 5) as u8]));
        for (name, bytes, kind) in [
            ("a.png", encode(corners(50, 40), ImageFormat::Png), "image/jpeg"),
            ("a.gif", encode(corners(50, 40), ImageFormat::Gif), "image/jpeg"),
            ("a.webp", encode(corners(50, 40), ImageFormat::WebP), "image/jpeg"),
            ("b.webp", encode(clear.clone(), ImageFormat::WebP), "image/"),
            // What it is called is of no interest.
            ("page.html", encode(clear.clone(), ImageFormat::Png), "image/"),
        ] {
            let mut bytes = bytes;
            bytes.extend(CANARIES[6].as_bytes());
            let answer = Form::new().file(name, &bytes).post(&app, &ada).await;
            assert_eq!(answer.status, 201, "{name}: {answer:?}");
            let media: Media = from_str(&answer.text).unwrap();
            let (_, headers, kept) = get(&app, &media.url).await;
            let told = headers["content-type"].to_str().unwrap().to_owned();
            assert!(told.starts_with(kind), "{name}: {told}");
            assert_eq!(u64::try_from(kept.len()).unwrap(), media.size);
            let seen = image::load_from_memory(&kept).unwrap();
            assert_eq!((seen.width(), seen.height()), (50, 40));
            assert_eq!(told == "image/jpeg", !seen.color().has_alpha(), "{name}");
        }
        assert_clean(&app);
    }

    async fn large_pictures_are_kept_in_several_sizes(app: TestApp) {
        let ada = app.person("ada").await;
        let answer = Form::new().file("p.jpg", &pictures::jpeg(3000, 1500)).post(&app, &ada).await;
        let media: Media = from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {answer:?}"));
        assert_eq!((media.width, media.height), (Some(2560), Some(1280)));
        for (address, wanted) in [(media.url, (2560, 1280)), (media.medium_url.unwrap(), (1280, 640)), (media.thumb_url.unwrap(), (320, 160))] {
            let (_, _, bytes) = get(&app, &address).await;
            let seen = image::load_from_memory(&bytes).unwrap();
            assert_eq!((seen.width(), seen.height()), wanted);
            assert_upright(&bytes, &address);
        }
        let answer = Form::new().file("c.jpg", &pictures::jpeg(1000, 800)).put(&app, &ada, "cover").await;
        let me: hearth_shared::users::Me = from_str(&answer.text).unwrap();
        let cover = me.cover.unwrap();
        assert_eq!((cover.width, cover.height), (Some(1500), Some(500)));
        let (_, _, bytes) = get(&app, &cover.medium_url.unwrap()).await;
        let seen = image::load_from_memory(&bytes).unwrap();
        assert_eq!((seen.width(), seen.height()), (750, 250));
    }
}
