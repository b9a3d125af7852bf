//! The OpenAPI 3.1 document, made from the operations of the shared crate: what is in the code is in the
//! document, and nothing else.

use hearth_shared::endpoint::{API_BASE, Access, Endpoint, Method, Nothing};
use hearth_shared::media::{MediaUpload, PictureUpload, PutPiece};
use hearth_shared::problem::{PROBLEM_JSON, Problem};
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, PathsBuilder, Ref, RefOr, Required,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

const BEARER: &str = "bearer";

/// The whole document.
pub fn document() -> OpenApi {
    let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    let mut paths = PathsBuilder::new();
    macro_rules! all {
        ($($endpoint:ty),+ $(,)?) => {
            $(paths = paths.path(
                format!("{API_BASE}{}", <$endpoint>::PATH),
                utoipa::openapi::PathItem::new(http_method(<$endpoint>::METHOD), operation::<$endpoint>(&mut schemas)),
            );)+
        };
    }
    hearth_shared::for_each_endpoint!(all);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(BEARER, SecurityScheme::Http(bearer))
        .build();
    let info = InfoBuilder::new()
        .title("Hearth")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("A private social network that people run themselves."))
        .license(Some(utoipa::openapi::License::new("MIT OR Apache-2.0")))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components))
        .build()
}

fn http_method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::Get,
        Method::Post => HttpMethod::Post,
        Method::Put => HttpMethod::Put,
        Method::Patch => HttpMethod::Patch,
        Method::Delete => HttpMethod::Delete,
    }
}

type Schemas = Vec<(String, RefOr<Schema>)>;

fn operation<E: Endpoint>(schemas: &mut Schemas) -> Operation {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(E::NAME))
        .summary(Some(E::SUMMARY.trim()));
    let group = E::PATH.split('/').nth(1).unwrap_or_default();
    operation = operation.tag(group);
    for name in E::PARAMS {
        let text = Schema::Object(Object::with_type(Type::String));
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(*name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(text))
                .build(),
        );
    }
    for parameter in query_parameters::<E::Query>(schemas) {
        operation = operation.parameter(parameter);
    }
    if let Some(content) = content::<E::Body>(schemas) {
        let body = RequestBodyBuilder::new()
            .content(media_type::<E::Body>(), content)
            .required(Some(Required::True));
        operation = operation.request_body(Some(body.build()));
    }
    if E::NAME == PutPiece::NAME {
        let bytes = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .build();
        let body = RequestBodyBuilder::new()
            .content(
                "application/octet-stream",
                Content::new(Some(Schema::Object(bytes))),
            )
            .required(Some(Required::True));
        operation = operation.request_body(Some(body.build()));
    }
    let mut success = ResponseBuilder::new().description("Done");
    if let Some(content) = content::<E::Reply>(schemas) {
        success = success.content("application/json", content);
    }
    let success = success.build();
    // A request that is repeated, or that is answered by another one, creates nothing.
    if E::STATUS == 201 && E::ACCESS == Access::SignedIn {
        operation = operation.response("200", success.clone());
    }
    operation = operation.response(E::STATUS.to_string(), success);
    // The one shape of every error; `code` says which.
    let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
    let failure = ResponseBuilder::new()
        .description("A problem document (RFC 9457)")
        .content(PROBLEM_JSON, problem);
    operation = operation.response("default", failure.build());
    if E::ACCESS == Access::SignedIn {
        operation = operation.security(SecurityRequirement::new(BEARER, Vec::<String>::new()));
    }
    operation.build()
}

/// How a body is sent. Forms bring a file, everything else is JSON.
fn media_type<T: ToSchema>() -> &'static str {
    let forms = [MediaUpload::name(), PictureUpload::name()];
    if forms.contains(&T::name()) {
        "multipart/form-data"
    } else {
        "application/json"
    }
}

/// A type's content, by reference.
fn content<T: ToSchema + PartialSchema>(schemas: &mut Schemas) -> Option<Content> {
    if T::name() == Nothing::name() {
        return None;
    }
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    Some(Content::new(Some(Ref::from_schema_name(T::name()))))
}

/// The fields of a query type, each as a parameter.
fn query_parameters<T: ToSchema + PartialSchema>(schemas: &mut Schemas) -> Vec<Parameter> {
    T::schemas(schemas);
    let RefOr::T(Schema::Object(object)) = T::schema() else {
        return Vec::new();
    };
    let required = object.required;
    let parameter = |(name, schema): (String, RefOr<Schema>)| {
        let needed = if required.contains(&name) {
            Required::True
        } else {
            Required::False
        };
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .required(needed)
            .schema(Some(schema))
            .build()
    };
    object.properties.into_iter().map(parameter).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use hearth_shared::api::OPERATIONS;

    use super::*;

    fn json() -> serde_json::Value {
        serde_json::to_value(document()).unwrap()
    }

    #[test]
    fn every_operation_is_there() {
        let json = json();
        assert_eq!(json["openapi"], "3.1.0");
        for operation in OPERATIONS {
            let path = format!("{API_BASE}{}", operation.path);
            let method = operation.method.as_str().to_lowercase();
            assert_eq!(
                json["paths"][&path][&method]["operationId"], operation.name,
                "{path}"
            );
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let json = json();
        let mut references = Vec::new();
        collect(&json, &mut references);
        assert!(references.len() > 10, "{references:?}");
        for reference in references {
            let name = reference.strip_prefix("#/components/schemas/").unwrap();
            assert!(json["components"]["schemas"].get(name).is_some(), "{reference}");
        }
    }

    /// What a client may send is bounded, and the document says how.
    #[test]
    fn every_text_that_is_sent_has_a_length() {
        let json = json();
        let leads_to = |schema: &serde_json::Value| {
            let name = schema["$ref"].as_str()?.rsplit('/').next()?;
            Some(json["components"]["schemas"][name].clone())
        };
        let mut bodies = BTreeMap::new();
        for operation in OPERATIONS {
            let path = format!("{API_BASE}{}", operation.path);
            let method = operation.method.as_str().to_ascii_lowercase();
            let contents = json["paths"][&path][&method]["requestBody"]["content"].as_object();
            for content in contents.into_iter().flat_map(|contents| contents.values()) {
                // A piece of a file is bytes, and no object.
                if let Some(schema) = leads_to(&content["schema"]) {
                    bodies.insert(operation.name, schema);
                }
            }
        }
        assert!(bodies.len() > 25, "{:?}", bodies.keys());
        let mut checked = 0;
        for (operation, body) in bodies {
            for (field, schema) in body["properties"].as_object().into_iter().flatten() {
                let schema = leads_to(schema).unwrap_or_else(|| schema.clone());
                let is_text = schema["type"] == "string" || schema["type"][0] == "string";
                // Files have limits of their own; the form of an id or a moment says how long it is.
                let is_free = schema["format"] != "binary" && schema["pattern"].is_null();
                if is_text && is_free && schema.get("enum").is_none() {
                    assert!(schema["maxLength"].is_number(), "{operation}, {field}: {schema}");
                    checked += 1;
                }
            }
        }
        assert!(checked > 30, "{checked}");
    }

    fn collect(value: &serde_json::Value, references: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    match value.as_str() {
                        Some(text) if key == "$ref" => references.push(text.to_owned()),
                        _ => collect(value, references),
                    }
                }
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| collect(value, references)),
            _ => {}
        }
    }
}
