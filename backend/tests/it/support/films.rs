//! Films, made of boxes and elements by hand, and how they are brought.

use hearth_shared::endpoint::{API_BASE, Method};
use hearth_shared::media::{
    CompleteUpload, CreateUpload, FinishUpload, Media, NewUpload, PIECE_SIZE, Upload, UploadKind,
};
use hearth_shared::problem::ErrorCode;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{Answer, Client, Person, client_id, read};

/// A box of MP4.
pub(crate) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
    [size.as_slice(), kind, body].concat()
}

/// A box that holds others.
pub(crate) fn holding(kind: &[u8; 4], boxes: &[Vec<u8>]) -> Vec<u8> {
    boxed(kind, &boxes.concat())
}

/// What a film of the tests is like.
#[derive(Clone)]
pub(crate) struct Mp4 {
    pub(crate) brand: [u8; 4],
    /// What its track is: pictures or sound.
    pub(crate) handler: [u8; 4],
    pub(crate) codec: [u8; 4],
    pub(crate) size: (u16, u16),
    /// Thousandths of a second.
    pub(crate) duration: u32,
    pub(crate) turned: bool,
    /// Bytes of its data.
    pub(crate) data: Vec<u8>,
    /// Beside the track, in `moov`.
    pub(crate) in_moov: Vec<u8>,
    /// In the track.
    pub(crate) in_trak: Vec<u8>,
    /// Before `moov`.
    pub(crate) before: Vec<u8>,
    /// Behind everything.
    pub(crate) behind: Vec<u8>,
}

impl Default for Mp4 {
    fn default() -> Self {
        Self {
            brand: *b"isom",
            handler: *b"vide",
            codec: *b"avc1",
            size: (320, 180),
            duration: 2500,
            turned: false,
            data: b"pictures of a film".to_vec(),
            in_moov: Vec::new(),
            in_trak: Vec::new(),
            before: Vec::new(),
            behind: Vec::new(),
        }
    }
}

/// When it was taken, as cameras write it: some seconds in 2026.
pub(crate) const TAKEN: [u8; 4] = [0xe7, 0x11, 0x22, 0x33];

/// A track with whatever as its handler and the entry of its samples.
pub(crate) fn track(film: &Mp4, handler: &[u8; 4], codec: &[u8; 4], tables: &[Vec<u8>]) -> Vec<u8> {
    let number = |number: u32| number.to_be_bytes();
    let matrix: [u32; 9] = if film.turned {
        [0, 0x1_0000, 0, 0xffff_0000, 0, 0, 0, 0, 0x4000_0000]
    } else {
        [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]
    };
    let matrix: Vec<u8> = matrix.into_iter().flat_map(u32::to_be_bytes).collect();
    let (width, height) = film.size;
    let tkhd = [
        number(7).as_slice(),
        &TAKEN,
        &TAKEN,
        &number(1),
        &number(0),
        &number(film.duration),
        &[0; 16],
        &matrix,
        &number(u32::from(width) << 16),
        &number(u32::from(height) << 16),
    ]
    .concat();
    let mdhd = [
        number(0).as_slice(),
        &TAKEN,
        &TAKEN,
        &number(1000),
        &number(film.duration),
        &[0x55, 0xc4, 0, 0],
    ]
    .concat();
    let hdlr = [
        number(0).as_slice(),
        &number(0),
        handler,
        &[0; 12],
        b"CANARY camera\0",
    ]
    .concat();
    let entry = boxed(codec, &[0; 78]);
    let stsd = [number(0).as_slice(), &number(1), &entry].concat();
    let mut stbl = vec![boxed(b"stsd", &stsd)];
    stbl.extend_from_slice(tables);
    holding(
        b"trak",
        &[
            boxed(b"tkhd", &tkhd),
            film.in_trak.clone(),
            holding(
                b"mdia",
                &[
                    boxed(b"mdhd", &mdhd),
                    boxed(b"hdlr", &hdlr),
                    holding(b"minf", &[holding(b"stbl", &stbl)]),
                ],
            ),
        ],
    )
}

/// A film with its index before its data.
pub(crate) fn mp4(film: &Mp4) -> Vec<u8> {
    let number = |number: u32| number.to_be_bytes();
    let mvhd = [
        number(0).as_slice(),
        &TAKEN,
        &TAKEN,
        &number(1000),
        &number(film.duration),
        &number(0x1_0000),
        &[1, 0],
        &[0; 10],
        &[0; 36],
        &[0; 24],
        &number(2),
    ]
    .concat();
    [
        boxed(
            b"ftyp",
            &[film.brand.as_slice(), &number(512), &film.brand].concat(),
        ),
        film.before.clone(),
        holding(
            b"moov",
            &[
                boxed(b"mvhd", &mvhd),
                track(film, &film.handler, &film.codec, &[]),
                film.in_moov.clone(),
            ],
        ),
        boxed(b"mdat", &film.data),
        film.behind.clone(),
    ]
    .concat()
}

/// An element of WebM.
pub(crate) fn element(id: u32, body: &[u8]) -> Vec<u8> {
    let name: Vec<u8> = id
        .to_be_bytes()
        .into_iter()
        .skip_while(|byte| *byte == 0)
        .collect();
    let size = (u64::try_from(body.len()).unwrap() | (1 << 56)).to_be_bytes();
    [name.as_slice(), &size, body].concat()
}

/// What a film of the tests is like, as WebM.
#[derive(Clone)]
pub(crate) struct WebM {
    pub(crate) kind: &'static str,
    pub(crate) codec: &'static str,
    /// Its track is sound, and not pictures.
    pub(crate) sound: bool,
    pub(crate) size: (u8, u8),
    /// Thousandths of a second; as browsers record, there is none.
    pub(crate) duration: Option<f64>,
    /// Elements of the segment, before its clusters.
    pub(crate) beside: Vec<u8>,
    /// Whether cluster and segment say how long they are.
    pub(crate) sized: bool,
}

impl Default for WebM {
    fn default() -> Self {
        Self {
            kind: "webm",
            codec: "V_VP9",
            sound: false,
            size: (160, 90),
            duration: Some(1500.0),
            beside: Vec::new(),
            sized: true,
        }
    }
}

pub(crate) fn webm(film: &WebM) -> Vec<u8> {
    let number = |id, number: u8| element(id, &[number]);
    let ebml = [
        number(0x4286, 1),
        number(0x42f7, 1),
        number(0x42f2, 4),
        number(0x42f3, 8),
        element(0x4282, film.kind.as_bytes()),
        number(0x4287, 4),
        number(0x4285, 2),
    ];
    let mut info = vec![
        element(0x2a_d7b1, &[0x0f, 0x42, 0x40]),
        element(0x4d80, b"CANARY muxer"),
        element(0x5741, b"CANARY writer"),
        element(0x7ba9, b"CANARY title"),
        element(0x4461, &[7; 8]),
    ];
    info.extend(
        film.duration
            .map(|duration| element(0x4489, &duration.to_be_bytes())),
    );
    let (kind, settings) = if film.sound {
        let rate = element(0xb5, &48_000_f64.to_be_bytes());
        (2, element(0xe1, &[rate, number(0x9f, 1)].concat()))
    } else {
        let sides = [number(0xb0, film.size.0), number(0xba, film.size.1)];
        (1, element(0xe0, &sides.concat()))
    };
    let entry = [
        number(0xd7, 1),
        number(0x73c5, 1),
        number(0x83, kind),
        element(0x536e, b"CANARY track"),
        element(0x86, film.codec.as_bytes()),
        settings,
    ]
    .concat();
    let cluster = |at: u8, blocks: &[u16]| {
        let mut body = number(0xe7, at);
        for later in blocks {
            let [high, low] = later.to_be_bytes();
            body.extend(element(0xa3, &[0x81, high, low, 0x80, 1, 2, 3]));
        }
        let mut cluster = element(0x1f43_b675, &body);
        if !film.sized {
            cluster[4..12].copy_from_slice(b"\x01\xff\xff\xff\xff\xff\xff\xff");
        }
        cluster
    };
    let body = [
        element(0x1549_a966, &info.concat()),
        element(0x1654_ae6b, &element(0xae, &entry)),
        film.beside.clone(),
        cluster(0, &[0, 40, 80]),
        cluster(120, &[0, 40, 1080]),
    ]
    .concat();
    let mut segment = element(0x1853_8067, &body);
    if !film.sized {
        segment[4..12].copy_from_slice(b"\x01\xff\xff\xff\xff\xff\xff\xff");
    }
    [element(0x1a45_dfa3, &ebml.concat()), segment].concat()
}

/// A film that takes some pieces.
pub(crate) fn long(pieces: usize) -> Vec<u8> {
    let piece = usize::try_from(PIECE_SIZE).unwrap();
    let data = (0..piece * (pieces - 1) + 1000)
        .map(|index| (index / 7 % 251) as u8)
        .collect();
    mp4(&Mp4 {
        data,
        ..Mp4::default()
    })
}

/// What begins an upload of some bytes.
pub(crate) fn new_upload(bytes: &[u8]) -> NewUpload {
    NewUpload {
        client_id: client_id(),
        name: "at sea.mov".to_owned(),
        size: bytes.len() as u64,
        kind: UploadKind::Video,
    }
}

pub(crate) async fn begin(app: &Client, person: &Person, bytes: &[u8]) -> Upload {
    person
        .call(app, &CreateUpload {}, &new_upload(bytes))
        .await
        .unwrap()
}

/// Sends a piece as it is.
pub(crate) async fn put_raw(
    app: &Client,
    person: Option<&Person>,
    upload: impl std::fmt::Display,
    offset: u64,
    media_type: &str,
    bytes: Vec<u8>,
) -> Answer {
    let path = format!("{API_BASE}/uploads/{upload}/pieces/{offset}");
    let method = Method::Put.as_str().parse().unwrap();
    let mut request = app
        .http
        .request(method, format!("{}{path}", app.base()))
        .header("content-type", media_type)
        .body(bytes);
    if let Some(token) = person.and_then(Person::token) {
        request = request.bearer_auth(token);
    }
    read(request).await
}

/// Sends the piece of a file that begins at a byte.
pub(crate) async fn put(app: &Client, person: &Person, upload: &Upload, offset: u64, file: &[u8]) -> Answer {
    let from = usize::try_from(offset).unwrap();
    let to = file.len().min(from + usize::try_from(PIECE_SIZE).unwrap());
    let piece = file[from..to].to_vec();
    put_raw(
        app,
        Some(person),
        upload.id,
        offset,
        "application/octet-stream",
        piece,
    )
    .await
}

/// Begins to send the first piece of a file over a line of its own, and goes no further than a part of it.
pub(crate) async fn send_part(app: &Client, person: &Person, upload: &Upload, part: &[u8]) -> TcpStream {
    let address = app.base().trim_start_matches("http://").to_owned();
    let mut line = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "PUT {API_BASE}/uploads/{}/pieces/0 HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         content-type: application/octet-stream\r\ncontent-length: {PIECE_SIZE}\r\n\r\n",
        upload.id,
        person.token().unwrap(),
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(part).await.unwrap();
    line.flush().await.unwrap();
    line
}

/// Sends all that is still missing of a file.
pub(crate) async fn send(app: &Client, person: &Person, upload: &Upload, file: &[u8]) {
    let mut offset = upload.received;
    while offset < upload.size {
        let answer = put(app, person, upload, offset, file).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let after: Upload = serde_json::from_str(&answer.text).unwrap();
        assert!(after.received > offset, "{after:?}");
        offset = after.received;
    }
}

pub(crate) async fn finish(
    app: &Client,
    person: &Person,
    upload: &Upload,
    finish: FinishUpload,
) -> Result<Media, ErrorCode> {
    let call = CompleteUpload { upload_id: upload.id };
    person.call(app, &call, &finish).await
}

/// Brings a film that belongs to nothing yet.
pub(crate) async fn bring(app: &Client, person: &Person, file: &[u8]) -> Media {
    let upload = begin(app, person, file).await;
    send(app, person, &upload, file).await;
    finish(app, person, &upload, FinishUpload::default())
        .await
        .unwrap()
}

/// Why a film is refused: the code of its only wrong field.
pub(crate) async fn refused(app: &Client, person: &Person, file: &[u8]) -> String {
    let upload = begin(app, person, file).await;
    send(app, person, &upload, file).await;
    let path = format!("{API_BASE}/uploads/{}/complete", upload.id);
    let answer = app
        .raw(Method::Post, &path, person.token(), Some(&serde_json::json!({})))
        .await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let problem = answer.json();
    assert_eq!(problem["errors"][0]["field"], "file", "{answer:?}");
    problem["errors"][0]["code"].as_str().unwrap().to_owned()
}
