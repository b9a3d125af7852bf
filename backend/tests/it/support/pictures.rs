//! Pictures, and how they are brought.

use hearth::features::media::pipeline::Variant;
use hearth_shared::endpoint::{API_BASE, Method};
use hearth_shared::ids::MediaId;
use hearth_shared::media::Media;
use hearth_shared::users::Me;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::{Answer, Client, Person, TestApp, read};

const BOUNDARY: &str = "----a-boundary-that-is-in-no-picture";

/// A form with a file.
#[derive(Clone, Default)]
pub(crate) struct Form {
    body: Vec<u8>,
}

impl Form {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn field(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        self.body.extend_from_slice(part.as_bytes());
        self
    }

    pub(crate) fn file(self, name: &str, bytes: &[u8]) -> Self {
        self.named_file(&format!("filename=\"{name}\""), bytes)
    }

    /// With the parameter that names it as it is.
    pub(crate) fn named_file(mut self, name: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; {name}\r\nContent-Type: image/png\r\n\r\n"
        );
        self.body.extend_from_slice(head.as_bytes());
        self.body.extend_from_slice(bytes);
        self.body.extend_from_slice(b"\r\n");
        self
    }

    fn bytes(mut self) -> Vec<u8> {
        self.body
            .extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.body
    }

    /// `path` is that of the operation.
    pub(crate) async fn send(
        self,
        app: &hearth_testkit::Client,
        person: Option<&Person>,
        method: Method,
        path: &str,
    ) -> Answer {
        let method = method.as_str().parse().unwrap();
        let mut request = app
            .http
            .request(method, format!("{}{API_BASE}{path}", app.base()))
            .header(
                "content-type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(self.bytes());
        if let Some(token) = person.and_then(Person::token) {
            request = request.bearer_auth(token);
        }
        read(request).await
    }

    pub(crate) async fn post(self, app: &hearth_testkit::Client, person: &Person) -> Answer {
        self.send(app, Some(person), Method::Post, "/media").await
    }

    pub(crate) async fn put(self, app: &TestApp, person: &Person, what: &str) -> Answer {
        self.send(app, Some(person), Method::Put, &format!("/users/me/{what}"))
            .await
    }
}

/// Red, green, blue and yellow, from left to right and from top to bottom.
pub(crate) const CORNERS: [[u8; 3]; 4] = [[220, 30, 30], [30, 200, 30], [30, 30, 220], [220, 220, 30]];

/// A picture whose corners can be told apart.
pub(crate) fn corners(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(CORNERS[usize::from(y >= height / 2) * 2 + usize::from(x >= width / 2)])
    })
}

/// As a file.
pub(crate) fn encode(pixels: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encode(corners(width, height), ImageFormat::Jpeg)
}

/// Uploads a picture that belongs to nothing yet.
pub(crate) async fn upload(app: &TestApp, person: &Person) -> Media {
    let answer = Form::new().file("x.jpg", &jpeg(60, 40)).post(app, person).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    serde_json::from_str(&answer.text).unwrap()
}

/// Gives somebody a picture; tells its name and its id.
pub(crate) async fn set_avatar(app: &TestApp, person: &Person) -> (String, MediaId) {
    let answer = Form::new()
        .file("me.jpg", &jpeg(80, 60))
        .put(app, person, "avatar")
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let me: Me = serde_json::from_str(&answer.text).unwrap();
    let address = me.user.avatar_url.unwrap();
    let name = address.rsplit('/').next().unwrap().to_owned();
    (name, newest(app, person).await)
}

/// Gives somebody a cover.
pub(crate) async fn set_cover(app: &TestApp, person: &Person) -> MediaId {
    let answer = Form::new()
        .file("us.jpg", &jpeg(90, 60))
        .put(app, person, "cover")
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let me: Me = serde_json::from_str(&answer.text).unwrap();
    me.cover.unwrap().id
}

async fn newest(app: &TestApp, person: &Person) -> MediaId {
    let owner = person.id();
    let rows = app.db().read(move |conn| {
        Ok(hearth::features::media::store::photos(
            conn,
            owner,
            true,
            &[1, 2, 3],
            i64::MAX,
            1,
        )?)
    });
    rows.await.unwrap()[0].id()
}

/// The address of a picture as a server would sign it for somebody; nobody's has no signature.
pub(crate) fn address(app: &TestApp, person: Option<&Person>, id: MediaId) -> String {
    match person {
        Some(person) => {
            let now = hearth::platform::clock::now();
            let signer = &app.servers()[0].media.signer;
            signer.url(id, Variant::Full, person.session.session_id, now)
        }
        None => format!("{API_BASE}/media/{id}/full"),
    }
}

/// What lies under an address: status, header fields, bytes.
pub(crate) async fn get(app: &Client, address: &str) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
    get_with(app, address, &[]).await
}

/// The same with header fields of one's own.
pub(crate) async fn get_with(
    app: &Client,
    address: &str,
    fields: &[(&str, &str)],
) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
    let mut request = app.http.get(format!("{}{address}", app.base()));
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, headers, answer.bytes().await.unwrap().to_vec())
}

/// Every byte that is kept of any picture.
pub(crate) fn stored(app: &TestApp) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![app.media_folder()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), std::fs::read(path).unwrap()));
            }
        }
    }
    files
}

/// Whether some bytes hold others.
pub(crate) fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
