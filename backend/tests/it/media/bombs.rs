//! Files that were made to do harm: small ones that want much memory or time, broken ones, and such as are two
//! things at once. Each is refused quickly and with a reason, or what is kept of it is harmless.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use hearth_shared::endpoint::Method;
use image::{ImageFormat, RgbImage};
use serde_json::Value;

use crate::everywhere;
use crate::support::pictures::{self, Form, corners, encode, holds, stored};
use crate::support::program::{Running, program};
use crate::support::{Client, TestApp};

/// What is refused is refused in this time.
const QUICK: Duration = Duration::from_secs(2);
/// Where many do the same on a machine that does other things too, only without end must it not be.
const AT_LAST: Duration = Duration::from_secs(60);

fn crc(bytes: &[u8]) -> [u8; 4] {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    (!crc).to_be_bytes()
}

fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let named = [name, data].concat();
    [length.as_slice(), &named, &crc(&named)].concat()
}

/// A PNG that says of itself how large it is, with whatever as its data.
fn png(width: u32, height: u32, before: &[u8], data: &[u8]) -> Vec<u8> {
    let head = [
        &width.to_be_bytes(),
        &height.to_be_bytes(),
        [8, 2, 0, 0, 0].as_slice(),
    ]
    .concat();
    let parts = [
        chunk(b"IHDR", &head),
        before.to_vec(),
        chunk(b"IDAT", data),
        chunk(b"IEND", b""),
    ];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

/// Deflated nothing: 70 megabytes in few bytes.
fn much() -> &'static [u8] {
    static MUCH: LazyLock<Vec<u8>> = LazyLock::new(swelling);
    &MUCH
}

fn swelling() -> Vec<u8> {
    let black = encode(RgbImage::new(8000, 2999), ImageFormat::Png);
    let mut rest = &black[8..];
    let mut data = Vec::new();
    while rest.len() > 12 {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        if &rest[4..8] == b"IDAT" {
            data.extend(&rest[8..8 + length]);
        }
        rest = &rest[12 + length..];
    }
    data
}

fn gif(screen: u16, frames: usize, side: u16) -> Vec<u8> {
    let [low, high] = screen.to_le_bytes();
    let mut bytes = [
        b"GIF89a".as_slice(),
        &[low, high, low, high, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ]
    .concat();
    let [low, high] = side.to_le_bytes();
    for _ in 0..frames {
        bytes.extend([0x2c, 0, 0, 0, 0, low, high, low, high, 0, 2, 2, 0x4c, 0x01, 0]);
    }
    bytes.push(0x3b);
    bytes
}

fn moving_webp() -> Vec<u8> {
    let still = encode(corners(8, 8), ImageFormat::WebP);
    let part = |name: &[u8], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        let pad = vec![0; data.len() % 2];
        [name, &length, data, &pad].concat()
    };
    let size = [7, 0, 0, 7, 0, 0];
    let frame = [[0; 6].as_slice(), &size, &[100, 0, 0, 0], &still[12..]].concat();
    let parts = [
        part(b"VP8X", &[[0x02, 0, 0, 0].as_slice(), &size].concat()),
        part(b"ANIM", &[0; 6]),
        part(b"ANMF", &frame),
        part(b"ANMF", &frame),
    ]
    .concat();
    let length = u32::try_from(parts.len() + 4).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, b"WEBP", &parts].concat()
}

/// A JPEG that says that it is larger than it is.
fn boastful_jpeg() -> Vec<u8> {
    let mut bytes = pictures::jpeg(16, 16);
    let frame = bytes
        .windows(2)
        .position(|marker| marker == [0xff, 0xc0])
        .unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    bytes
}

/// Name, file, and the code that it is refused with.
fn bombs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let much = much();
    let (plain_png, plain_jpeg) = (
        encode(corners(64, 64), ImageFormat::Png),
        pictures::jpeg(200, 200),
    );
    let noise = RgbImage::from_fn(64, 64, |x, y| {
        image::Rgb([(x * y) as u8, (x ^ y) as u8, (x * 7 + y * 13) as u8])
    });
    let (noisy_gif, noisy_webp) = (
        encode(noise.clone(), ImageFormat::Gif),
        encode(noise, ImageFormat::WebP),
    );
    let mut wrong_crc = plain_png.clone();
    let data = wrong_crc.windows(4).position(|name| name == b"IDAT").unwrap();
    wrong_crc[data + 8] ^= 0x55;
    let cut = |bytes: &[u8], percent: usize| bytes[..bytes.len() * percent / 100].to_vec();
    vec![
        (
            "60000 pixels square",
            png(60_000, 60_000, b"", much),
            "image_too_large",
        ),
        (
            "a line of 65535 pixels",
            png(1, 65_535, b"", much),
            "image_too_large",
        ),
        (
            "more pixels than allowed",
            png(8192, 8192, b"", much),
            "image_too_large",
        ),
        ("no pixels", png(0, 10, b"", much), "broken_image"),
        ("a boastful JPEG", boastful_jpeg(), "image_too_large"),
        (
            "a GIF of 65535 pixels square",
            gif(65_535, 1, 65_535),
            "image_too_large",
        ),
        ("a GIF of 201 frames", gif(4, 201, 4), "image_too_large"),
        (
            "a GIF of 150 large frames",
            gif(1000, 150, 1000),
            "image_too_large",
        ),
        ("a frame outside the GIF", gif(4, 1, 60_000), "broken_image"),
        ("a GIF without a frame", gif(4, 0, 4), "broken_image"),
        ("a WebP that moves", moving_webp(), "unsupported_image"),
        ("half a JPEG", cut(&plain_jpeg, 60), "broken_image"),
        (
            "a JPEG without its end",
            plain_jpeg[..plain_jpeg.len() - 2].to_vec(),
            "broken_image",
        ),
        ("half a PNG", cut(&plain_png, 60), "broken_image"),
        ("half a GIF", cut(&noisy_gif, 60), "broken_image"),
        ("half a WebP", cut(&noisy_webp, 60), "broken_image"),
        ("a wrong checksum", wrong_crc, "broken_image"),
        (
            "nothing but a signature",
            b"\x89PNG\r\n\x1a\n".to_vec(),
            "broken_image",
        ),
        (
            "a PDF",
            b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj".to_vec(),
            "unsupported_image",
        ),
        (
            "an SVG",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
            "unsupported_image",
        ),
        (
            "a page that is called a picture",
            b"<!doctype html><script>alert(1)</script>".to_vec(),
            "unsupported_image",
        ),
        (
            "an MVG",
            b"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'https://x'".to_vec(),
            "unsupported_image",
        ),
        (
            "an EPS",
            b"%!PS-Adobe-3.0 EPSF-3.0\n".to_vec(),
            "unsupported_image",
        ),
        (
            "a BMP",
            b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0".to_vec(),
            "unsupported_image",
        ),
        ("a TIFF", b"II*\0\x08\0\0\0".to_vec(), "unsupported_image"),
        ("a ZIP", b"PK\x03\x04\x14\0\0\0".to_vec(), "unsupported_image"),
        ("one byte", b"x".to_vec(), "unsupported_image"),
    ]
}

/// Much of nothing beside a small picture: it is either refused or does no harm.
fn hidden_bombs() -> Vec<(&'static str, Vec<u8>)> {
    let much = much();
    let small = {
        let plain = encode(RgbImage::new(1, 1), ImageFormat::Png);
        let data = plain.windows(4).position(|name| name == b"IDAT").unwrap();
        let length = u32::from_be_bytes(plain[data - 4..data].try_into().unwrap()) as usize;
        plain[data + 4..data + 4 + length].to_vec()
    };
    let text = |name: &[u8], head: &[u8]| chunk(name, &[head, much].concat());
    vec![
        ("more data than pixels", png(1, 1, b"", much)),
        (
            "a text that swells",
            png(1, 1, &text(b"zTXt", b"Comment\0\0"), &small),
        ),
        (
            "a colour profile that swells",
            png(1, 1, &text(b"iCCP", b"x\0\0"), &small),
        ),
        ("many texts that swell", {
            let text = text(b"zTXt", b"Comment\0\0");
            png(1, 1, &text.repeat(9_000_000 / text.len()), &small)
        }),
    ]
}

async fn refused(app: &Client, person: &crate::support::Person, limit: Duration) {
    for (name, bytes, code) in bombs() {
        let began = Instant::now();
        let answer = Form::new().file("x.png", &bytes).post(app, person).await;
        let took = began.elapsed();
        assert_eq!(answer.status, 422, "{name}: {answer:?}");
        let problem: Value = answer.json();
        assert_eq!(problem["code"], "validation_failed", "{name}");
        assert_eq!(problem["errors"][0]["field"], "file", "{name}");
        assert_eq!(problem["errors"][0]["code"], code, "{name}");
        assert!(took < limit, "{name}: {took:?}");
    }
    for (name, bytes) in hidden_bombs() {
        let began = Instant::now();
        let answer = Form::new().file("x.png", &bytes).post(app, person).await;
        assert!([201, 422].contains(&answer.status), "{name}: {answer:?}");
        assert!(began.elapsed() < limit, "{name}: {:?}", began.elapsed());
    }
}

everywhere! {
    async fn bombs_are_refused_quickly_and_say_why(app: TestApp) {
        let ada = app.person("ada").await;
        refused(&app, &ada, QUICK).await;
        let small = stored(&app).iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        assert!(small < 100_000, "{small} bytes were kept");
    }

    /// A picture that is something else too is, once it is kept, a picture.
    async fn what_is_two_things_at_once_becomes_one(app: TestApp) {
        let ada = app.person("ada").await;
        let script = b"<!doctype html><script>alert('CANARY-SCRIPT')</script>";
        let comment = |bytes: &[u8]| {
            let length = u16::try_from(script.len() + 2).unwrap().to_be_bytes();
            [&bytes[..2], &[0xff, 0xfe], length.as_slice(), script, &bytes[2..]].concat()
        };
        let jpeg = pictures::jpeg(20, 20);
        let png = encode(corners(20, 20), ImageFormat::Png);
        let gif = encode(corners(20, 20), ImageFormat::Gif);
        for (name, bytes) in [
            ("GIFAR", [gif.as_slice(), b"PK\x03\x04CANARY-SCRIPT PK\x05\x06\0\0"].concat()),
            ("JPEG and page", comment(&jpeg)),
            ("JPEG and page behind it", [jpeg.as_slice(), script].concat()),
            ("PNG and script", [png.as_slice(), b"/*CANARY-SCRIPT*/=1;alert(1)"].concat()),
            ("PNG with a text", {
                let text = chunk(b"tEXt", &[b"Comment\0".as_slice(), script].concat());
                [&png[..33], &text, &png[33..]].concat()
            }),
        ] {
            let answer = Form::new().file("x.png", &bytes).post(&app, &ada).await;
            assert_eq!(answer.status, 201, "{name}: {answer:?}");
        }
        for (path, bytes) in stored(&app) {
            assert!(!holds(&bytes, b"CANARY"), "{}", path.display());
            assert!(!holds(&bytes, b"<script"), "{}", path.display());
            assert!(bytes.starts_with(b"\xff\xd8\xff"), "{}", path.display());
        }
    }

    async fn what_is_too_large_does_not_come_in(app: TestApp) {
        let ada = app.person("ada").await;
        let heavy = vec![0xff; 10 * 1024 * 1024 + 1];
        let answer = Form::new().file("x.jpg", &heavy).post(&app, &ada).await;
        assert_eq!((answer.status, answer.code().as_str()), (413, "payload_too_large"));
        let answer = Form::new().file("x.jpg", &heavy[..5 * 1024 * 1024 + 1]).put(&app, &ada, "avatar").await;
        assert_eq!((answer.status, answer.code().as_str()), (413, "payload_too_large"));
        let answer = Form::new().field("alt_text", "a".repeat(1001)).file("x.jpg", &pictures::jpeg(9, 9)).post(&app, &ada).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"));
        let answer = Form::new().field("alt_text", "no file").post(&app, &ada).await;
        assert_eq!(answer.json()["errors"][0]["code"], "required");
        let answer = app.raw(Method::Post, "/api/v1/media", ada.token(), Some(&serde_json::json!({}))).await;
        assert_eq!((answer.status, answer.code().as_str()), (415, "unsupported_media_type"));
        assert!(stored(&app).is_empty());
    }
}

/// The memory of a real program, while it meets all of them at once.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_stays_flat() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(program(folder.path()));
    let app = Client::new(&running.base);
    let ada = app.person("ada").await;
    let plain = Form::new().file("x.jpg", &pictures::jpeg(500, 500));
    assert_eq!(plain.post(&app, &ada).await.status, 201);
    let before = running.peak_memory();
    let all = (0..3).map(|_| refused(&app, &ada, AT_LAST));
    futures_util::future::join_all(all).await;
    let after = running.peak_memory();
    assert!(
        after < before + 200 * 1024,
        "{before} KiB before, {after} KiB after"
    );
}
