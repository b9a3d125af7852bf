//! Icons: strokes on a grid of 24, drawn in the colour of the text beside them.

use yew::prelude::*;

/// Which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Home,
    Friends,
    Person,
    Settings,
    Pen,
    Heart,
    Comment,
    More,
    Close,
    Globe,
    Lock,
    Search,
    SignOut,
    Trash,
    Check,
    AddPerson,
    Send,
    CloudOff,
    Alert,
    Chat,
    Bell,
    Back,
    Forward,
    Down,
    Up,
    Key,
    Device,
    Photo,
    Pin,
    Tack,
    Work,
    Learn,
    Cake,
    Mail,
    Block,
    Chain,
    Eye,
    Share,
    Bookmark,
    Flag,
    Mute,
    Archive,
    Play,
    Reply,
    Smile,
    Film,
    Copy,
    Groups,
    Info,
    Clip,
    Mic,
    File,
}

impl Glyph {
    const fn strokes(self) -> &'static [&'static str] {
        match self {
            Self::Home => &["M4 11l8-7 8 7v8a1.5 1.5 0 0 1-1.5 1.5H15v-6H9v6H5.5A1.5 1.5 0 0 1 4 19z"],
            Self::Friends => &[
                "M5.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
                "M2.5 20c.6-3.6 3.2-5.5 6.5-5.5s5.900 1.900 6.500 5.500",
                "M16 5a3.200 3.200 0 0 1 0 6.300M18 14.800c2 .7 3.200 2.500 3.500 5.200",
            ],
            Self::Groups => &[
                "M4 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
                "M14 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
                "M9 16.500a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
            ],
            Self::Info => {
                &["M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0M12 11v5.500M12 7.500v.2"]
            }
            Self::Person => &[
                "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
                "M4 20.500c.8-4 3.900-6 8-6s7.200 2 8 6",
            ],
            Self::Settings => &[
                "M4 7h9M17 7h3M4 17h3M11 17h9",
                "M13 7a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
                "M7 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
            ],
            Self::Pen => &["M4 20l1-4L16.500 4.500l3 3L8 19z"],
            Self::Heart => &[
                "M12 20s-7.500-4.600-7.500-10A4.200 4.200 0 0 1 12 7.600 4.200 4.200 0 0 1 19.500 10c0 5.400-7.500 10-7.500 10z",
            ],
            Self::Comment => {
                &["M20 11.500a7.500 7.500 0 0 1-11 6.600L4 19.500l1.400-4.600A7.500 7.500 0 1 1 20 11.500z"]
            }
            Self::More => &[
                "M4 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
                "M11 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
                "M18 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
            ],
            Self::Close => &["M6 6l12 12M18 6L6 18"],
            Self::Globe => &[
                "M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0",
                "M3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17",
            ],
            Self::Lock => &["M6 11h12v9H6z", "M8.500 11V8a3.500 3.500 0 0 1 7 0v3"],
            Self::Search => &[
                "M4.500 11a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0",
                "M16 16l4.500 4.500",
            ],
            Self::SignOut => &[
                "M14 4h4.500A1.500 1.500 0 0 1 20 5.500v13a1.500 1.500 0 0 1-1.500 1.500H14",
                "M10 8l-4 4 4 4M6 12h9",
            ],
            Self::Trash => {
                &["M4.500 6.500h15M9 6.500V4h6v2.500M6.500 6.500l1 13.500h9l1-13.500M10 10.500v6M14 10.500v6"]
            }
            Self::Check => &["M5 12.500l4.500 4.500L19 7"],
            Self::AddPerson => &[
                "M6 8a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0",
                "M3 20c.6-3.600 3.200-5.500 6.500-5.500s5.900 1.900 6.500 5.500M19 8v6M16 11h6",
            ],
            Self::Send => &[
                "M4.500 12L20 4.500 15 20l-3.500-6.500z",
                "M11.500 13.500L20 4.500",
            ],
            Self::CloudOff => &[
                "M4 4l16 16M9 6.500a6 6 0 0 1 9 4.300 4 4 0 0 1 2.200 6.200M15.500 18.500H7a4.500 4.500 0 0 1-1.300-8.800",
            ],
            Self::Chat => &["M4 5.500h16v11H10l-4.500 4v-4H4z"],
            Self::Bell => &[
                "M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15z",
                "M10 20.500a2.200 2.200 0 0 0 4 0",
            ],
            Self::Back => &["M15 5l-7 7 7 7"],
            Self::Key => &[
                "M4 15.500a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0",
                "M10 13L19 4M15.500 7.500l3 3",
            ],
            Self::Device => &["M3.500 5.500h17v11h-17z", "M9 20h6M12 16.500V20"],
            Self::Forward => &["M9 5l7 7-7 7"],
            Self::Clip => &[
                "M19 11.500l-7.500 7.500a4.500 4.500 0 0 1-6.400-6.400L13 4.700a3 3 0 0 1 4.300 4.300l-7.700 7.700a1.500 1.500 0 0 1-2.200-2.200L14 8",
            ],
            Self::Mic => &[
                "M12 3.500a2.800 2.800 0 0 1 2.800 2.800v5a2.800 2.800 0 0 1-5.600 0v-5a2.800 2.800 0 0 1 2.800-2.800z",
                "M5.500 11a6.500 6.500 0 0 0 13 0M12 17.500v3",
            ],
            Self::File => &["M6 3.500h8l4 4v13H6zM14 3.500V8h4"],
            Self::Photo => &[
                "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
                "M14 9a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
            ],
            Self::Pin => &[
                "M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11z",
                "M9.500 10a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0-5 0",
            ],
            Self::Tack => &["M8.500 4h7M9.500 4v5.500L6 13.500h12L14.500 9.500V4M12 13.500V20.500"],
            Self::Work => &["M4 8h16v11H4zM9 8V5h6v3M4 13h16"],
            Self::Learn => {
                &["M2.500 9.500L12 5l9.500 4.500L12 14zM6.500 11.500V16c3 2.500 8 2.500 11 0v-4.500"]
            }
            Self::Cake => &["M4 20v-7h16v7zM4 16c2.700 2 5.300-2 8 0s5.300 2 8 0M12 13V9M12 6v-.5"],
            Self::Mail => &["M4 6h16v12H4zM4 7l8 6 8-6"],
            Self::Block => &["M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0M6 6l12 12"],
            Self::Copy => &["M8 8h11v11H8z", "M5 15.500V5h10.500"],
            Self::Chain => {
                &["M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"]
            }
            Self::Eye => &[
                "M2.500 12s3.500-6 9.500-6 9.500 6 9.500 6-3.500 6-9.500 6-9.500-6-9.500-6z",
                "M9.500 12a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0-5 0",
            ],
            Self::Share => &["M14 5l7 6-7 6v-3.500c-5 0-8.500 1.500-11 5 .7-5.500 4-9.500 11-10z"],
            Self::Flag => &["M5.500 21V4M5.500 5c4-2.500 7 2 13 0v9c-6 2-9-2.500-13 0"],
            Self::Play => &["M8 5l11 7-11 7z"],
            Self::Reply => &["M10 6l-6 5 6 5v-3c4.500 0 7.500 1 10 4-.5-5-3.500-8-10-8z"],
            Self::Smile => &[
                "M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0",
                "M8 14c1.800 3 6.200 3 8 0M9 9.500v.2M15 9.500v.2",
            ],
            Self::Film => &["M4 6h11v12H4zM15 10.500l5-3v9l-5-3"],
            Self::Bookmark => &["M6.500 4h11v16.500L12 16l-5.500 4.500z"],
            Self::Mute => &[
                "M4 4l16 16M6 16v-5c0-1 .2-1.900.6-2.700M9 5.800A6 6 0 0 1 18 11v3M18 18H4.500L6 16",
                "M10 20.500a2.200 2.200 0 0 0 4 0",
            ],
            Self::Archive => &["M4 4.500h16v4.500H4zM5.500 9v10h13V9M10 13h4"],
            Self::Down => &["M12 5v14M6 13l6 6 6-6"],
            Self::Up => &["M12 19V5M6 11l6-6 6 6"],
            Self::Alert => &["M12 4l9 16H3zM12 10v4.500M12 17.300v.2"],
        }
    }
}

/// An icon beside a text, or the only thing that a labelled control shows.
pub(crate) fn icon(glyph: Glyph) -> Html {
    draw(glyph, "ic")
}

/// The same at 18 pixels instead of 22.
pub(crate) fn small_icon(glyph: Glyph) -> Html {
    draw(glyph, "ic ic-s")
}

fn draw(glyph: Glyph, class: &'static str) -> Html {
    html! {
        <svg {class} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            { for glyph.strokes().iter().map(|stroke| html! { <path d={*stroke} /> }) }
        </svg>
    }
}
