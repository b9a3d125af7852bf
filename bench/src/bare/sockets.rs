//! A bare actix-ws server: `/echo` says what it hears to the one who said it, `/room` hears what `/say`
//! says. No store, no accounts, nothing is written anew.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpRequest, HttpResponse, rt, web};
use actix_ws::{Message, MessageStream, Session};
use anyhow::Result;
use futures_util::StreamExt;

/// Everybody in the room.
type Room = Arc<Mutex<Arc<Vec<Session>>>>;

/// Serves.
///
/// # Errors
/// When it cannot listen.
pub(crate) fn serve() -> Result<()> {
    let room = Room::default();
    super::serve(move |app| {
        app.app_data(web::Data::new(Arc::clone(&room)))
            .route("/echo", web::get().to(echo))
            .route("/room", web::get().to(enter))
            .route("/say", web::get().to(speak));
    })
}

async fn echo(request: HttpRequest, body: web::Payload) -> actix_web::Result<HttpResponse> {
    let (response, mut session, mut stream) = actix_ws::handle(&request, body)?;
    rt::spawn(async move {
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Text(text) = message
                && session.text(text).await.is_err()
            {
                return;
            }
        }
    });
    Ok(response)
}

async fn enter(
    room: web::Data<Room>,
    request: HttpRequest,
    body: web::Payload,
) -> actix_web::Result<HttpResponse> {
    let (response, session, mut stream) = actix_ws::handle(&request, body)?;
    {
        let mut sockets = room.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut sockets).push(session);
    }
    // As long as somebody reads, the connection is kept.
    rt::spawn(async move { while stream.next().await.is_some() {} });
    Ok(response)
}

async fn speak(
    room: web::Data<Room>,
    request: HttpRequest,
    body: web::Payload,
) -> actix_web::Result<HttpResponse> {
    let (response, session, stream) = actix_ws::handle(&request, body)?;
    rt::spawn(broadcast(Room::clone(&room), session, stream));
    Ok(response)
}

/// The session is held as long as its socket speaks: without it the connection would be closed.
async fn broadcast(room: Room, _session: Session, mut stream: MessageStream) {
    while let Some(Ok(message)) = stream.next().await {
        if let Message::Text(text) = message {
            let sockets = Arc::clone(&room.lock().unwrap_or_else(PoisonError::into_inner));
            for socket in sockets.iter() {
                // Whoever has gone is not missed.
                drop(socket.clone().text(text.clone()).await);
            }
        }
    }
}
