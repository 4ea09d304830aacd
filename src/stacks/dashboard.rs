//! The dashboard of a role: every figure of both slots in one picture, blue in blue and green in green.

use serde_json::{Value, json};

use super::measures::{self, MetricContext};
use super::scalar::escape_sub;
use crate::model::{Environment, Role, Slot};

/// Pictures in a row; the dashboard is 24 columns wide.
const COLUMNS: u64 = 3;
const WIDTH: u64 = 24 / COLUMNS;
const HEIGHT: u64 = 6;

/// One picture: a metric of both slots.
struct Picture {
    title: &'static str,
    metric: fn(&'static str, Slot) -> MetricContext,
}

const PICTURES: [Picture; 8] = [
    Picture {
        title: "requests a minute",
        metric: |id, slot| measures::target(id, "RequestCount", "Sum", slot),
    },
    Picture {
        title: "5xx of targets a minute",
        metric: |id, slot| measures::target(id, "HTTPCode_Target_5XX_Count", "Sum", slot),
    },
    Picture {
        title: "response time, seconds (95 %)",
        metric: |id, slot| measures::target(id, "TargetResponseTime", "p95", slot),
    },
    Picture {
        title: "healthy hosts",
        metric: |id, slot| measures::target(id, "HealthyHostCount", "Minimum", slot),
    },
    Picture { title: "CPU, percent", metric: measures::cpu },
    Picture { title: "memory, percent", metric: measures::memory },
    Picture { title: "fullest disk, percent", metric: measures::disk },
    Picture {
        title: "instances wanted",
        metric: |id, slot| measures::group(id, "AWS/AutoScaling", "GroupDesiredCapacity", "Maximum", slot),
    },
];

/// Name of the metric that counts errors in the slot's logs.
pub(super) fn errors_metric(environment: &Environment, role: &Role, slot: Slot) -> String {
    format!("{}-{}-{slot}-log-errors", environment.name, role.name)
}

/// The body as JSON, for a place inside `!Sub`: names that only the account knows stand as `${…}`, everything else
/// as the text it is.
pub(super) fn body(environment: &Environment, role: &Role) -> String {
    let mut widgets = vec![states()];
    let pictures =
        PICTURES.iter().map(|picture| (picture.title, Slot::ALL.map(|slot| series(picture, slot))));
    let errors = Slot::ALL.map(|slot| {
        let metric = escape_sub(&errors_metric(environment, role, slot));
        json!([escape_sub(&environment.project), metric, { "stat": "Sum", "label": slot, "color": colour(slot) }])
    });
    let all = pictures.chain([("errors in logs a minute", errors)]);
    widgets.extend((0..).zip(all).map(|(place, (title, metrics))| picture(place, title, &metrics)));
    let text = widgets.iter().map(|widget| format!("    {widget}")).collect::<Vec<_>>().join(",\n");
    format!("{{\n  \"widgets\": [\n{text}\n  ]\n}}\n")
}

/// The composites of both slots, on top.
fn states() -> Value {
    json!({
        "type": "alarm", "x": 0, "y": 0, "width": 24, "height": 2,
        "properties": { "title": "slots", "alarms": ["${BlueComposite.Arn}", "${GreenComposite.Arn}"] },
    })
}

fn picture(place: u64, title: &str, metrics: &[Value]) -> Value {
    json!({
        "type": "metric",
        "x": place % COLUMNS * WIDTH, "y": 2 + place / COLUMNS * HEIGHT, "width": WIDTH, "height": HEIGHT,
        "properties": {
            "title": title, "region": "${AWS::Region}", "view": "timeSeries", "period": 60, "metrics": metrics,
        },
    })
}

fn series(picture: &Picture, slot: Slot) -> Value {
    let metric = (picture.metric)("m", slot);
    let mut entry = vec![json!(metric.namespace), json!(metric.name)];
    for (name, parameter) in metric.dimensions {
        entry.extend([json!(name), json!(format!("${{{parameter}}}"))]);
    }
    entry.push(json!({ "stat": metric.stat, "label": slot, "color": colour(slot) }));
    Value::Array(entry)
}

const fn colour(slot: Slot) -> &'static str {
    match slot {
        Slot::Blue => "#1f77b4",
        Slot::Green => "#2ca02c",
    }
}
