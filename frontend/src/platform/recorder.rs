//! The microphone: what somebody says, as a file. It listens from the press that begins it to the one that ends it.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    BlobEvent, File, FilePropertyBag, HtmlMediaElement, MediaRecorder, MediaRecorderOptions, MediaStream,
    MediaStreamConstraints, MediaStreamTrack, RecordingState,
};

use super::dom;
use super::events::{self, Listening};
use super::film::comes;

/// What browsers record, the best first: as they are asked for it, what the file is, and what its name ends with.
const KINDS: [(&str, &str, &str); 2] = [
    ("audio/webm;codecs=opus", "audio/webm", "webm"),
    ("audio/mp4", "audio/mp4", "mp4"),
];
/// As much as a voice needs.
const BITS_PER_SECOND: u32 = 48_000;

/// Why nothing is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Somebody, or the browser, does not want it.
    Forbidden,
    /// There is no microphone.
    Missing,
    /// This browser does not record, or not at this address.
    Unable,
}

/// A microphone that listens until it is let go.
struct Microphone(MediaStream);

impl Drop for Microphone {
    fn drop(&mut self) {
        for track in self.0.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

/// What is being recorded. Dropped, it is forgotten.
pub(crate) struct Recording {
    recorder: MediaRecorder,
    kind: (&'static str, &'static str),
    pieces: Array,
    _microphone: Microphone,
    _listening: Listening,
}

impl Recording {
    /// Begins to listen; the browser may ask before.
    pub(crate) async fn begin() -> Result<Self, Refused> {
        let (asked, kind, ending) = kind().ok_or(Refused::Unable)?;
        let constraints = MediaStreamConstraints::new();
        constraints.set_audio_bool(true);
        let navigator = web_sys::window().ok_or(Refused::Unable)?.navigator();
        // At an address that is not secure there are no devices, and the call fails.
        let devices = navigator.media_devices().or(Err(Refused::Unable))?;
        let stream = devices
            .get_user_media_with_constraints(&constraints)
            .or(Err(Refused::Unable))?;
        let stream = JsFuture::from(stream).await;
        let stream = stream.map_err(|error| refused(&error))?;
        let microphone = Microphone(stream.unchecked_into());
        let options = MediaRecorderOptions::new();
        options.set_mime_type(asked);
        options.set_audio_bits_per_second(BITS_PER_SECOND);
        let recorder =
            MediaRecorder::new_with_media_stream_and_media_recorder_options(&microphone.0, &options)
                .or(Err(Refused::Unable))?;
        let pieces = Array::new();
        let listening = events::on_element(&recorder, "dataavailable", {
            let pieces = pieces.clone();
            move |event| {
                if let Some(piece) = event.dyn_ref::<BlobEvent>().and_then(BlobEvent::data) {
                    pieces.push(&piece);
                }
            }
        });
        recorder.start().or(Err(Refused::Unable))?;
        Ok(Self {
            recorder,
            kind: (kind, ending),
            pieces,
            _microphone: microphone,
            _listening: listening,
        })
    }

    /// Whether it still listens: a microphone can be pulled out.
    pub(crate) fn is_live(&self) -> bool {
        self.recorder.state() != RecordingState::Inactive
    }

    /// Stops listening, and gives what was said under a name without ending. None when it was nothing.
    pub(crate) async fn finish(self, name: &str) -> Option<File> {
        if self.is_live() && self.recorder.stop().is_ok() {
            comes(&self.recorder, "stop").await;
        }
        let (kind, ending) = self.kind;
        let options = FilePropertyBag::new();
        options.set_type(kind);
        let name = format!("{name}.{ending}");
        let file = File::new_with_blob_sequence_and_options(&self.pieces, &name, &options).ok()?;
        (file.size() > 0.0).then_some(file)
    }
}

fn kind() -> Option<(&'static str, &'static str, &'static str)> {
    let recorder = Reflect::get(&js_sys::global(), &"MediaRecorder".into());
    if !recorder.is_ok_and(|recorder| recorder.is_function()) {
        return None;
    }
    KINDS
        .into_iter()
        .find(|(asked, ..)| MediaRecorder::is_type_supported(asked))
}

fn refused(error: &JsValue) -> Refused {
    let name = Reflect::get(error, &"name".into()).ok();
    match name.and_then(|name| name.as_string()).as_deref() {
        Some("NotAllowedError" | "SecurityError") => Refused::Forbidden,
        Some("NotFoundError") => Refused::Missing,
        _ => Refused::Unable,
    }
}

/// Whether this browser plays a recording whose file has this name.
pub(crate) fn plays(name: &str) -> bool {
    let kind = if name.ends_with(".webm") {
        KINDS[0].0
    } else {
        "audio/mp4;codecs=mp4a.40.2"
    };
    let element = dom::create("audio").and_then(|element| element.dyn_into::<HtmlMediaElement>().ok());
    element.is_some_and(|element| !element.can_play_type(kind).is_empty())
}
