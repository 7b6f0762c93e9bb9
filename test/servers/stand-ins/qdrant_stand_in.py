"""A stand-in for Qdrant, for tests only: Qdrant's own engine in process, behind the few REST routes that the store uses.

Arguments: data folder, port. An acknowledged write has been flushed. What it is not: a cluster, an authority on limits, fast.
"""

import json
import os
import re
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import qdrant_edge as edge

DISTANCES = {"Cosine": edge.Distance.Cosine, "Dot": edge.Distance.Dot, "Euclid": edge.Distance.Euclid}
VERSION = {"title": "stand-in for qdrant", "version": "1.16.0"}
INDEXES = {
    "keyword": edge.PayloadSchemaType.Keyword,
    "integer": edge.PayloadSchemaType.Integer,
    "datetime": edge.PayloadSchemaType.Datetime,
}


class Refused(Exception):
    """An answer other than 200, with Qdrant's way of saying why."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def write_json(path, value):
    draft = path + ".draft"
    with open(draft, "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(draft, path)


class Collections:
    """One folder a collection: the engine's shard, and the request that created it."""

    def __init__(self, root):
        self.root = root
        self.lock = threading.RLock()
        self.shards = {}
        os.makedirs(root, exist_ok=True)
        for name in os.listdir(root):
            if not os.path.isdir(os.path.join(root, name)):
                continue
            if os.path.exists(self.config_path(name)):
                self.shards[name] = edge.EdgeShard.load(self.shard_path(name))
            else:  # killed while it was being created, before anybody was told of it
                shutil.rmtree(os.path.join(root, name))

    def aliases_path(self):
        return os.path.join(self.root, "aliases.json")

    def aliases(self):
        if not os.path.exists(self.aliases_path()):
            return {}
        with open(self.aliases_path(), encoding="utf-8") as file:
            return json.load(file)

    def change_aliases(self, actions):
        """All of them or none."""
        aliases = self.aliases()
        for action in actions:
            if "delete_alias" in action:
                aliases.pop(action["delete_alias"]["alias_name"], None)
                continue
            name, alias = action["create_alias"]["collection_name"], action["create_alias"]["alias_name"]
            self.shard(name)
            if alias in self.shards:
                raise Refused(409, f"Wrong input: Collection `{alias}` already exists!")
            aliases[alias] = name
        write_json(self.aliases_path(), aliases)
        return True

    def shard_path(self, name):
        return os.path.join(self.root, name, "shard")

    def config_path(self, name):
        return os.path.join(self.root, name, "config.json")

    def create(self, name, config):
        if name in self.shards:
            raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
        os.makedirs(self.shard_path(name))
        vectors = {key: edge.EdgeVectorParams(size=value["size"], distance=DISTANCES[value["distance"]]) for key, value in config["vectors"].items()}
        sparse = {
            key: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf if value.get("modifier") == "idf" else None)
            for key, value in config.get("sparse_vectors", {}).items()
        }
        shard = edge.EdgeShard.create(self.shard_path(name), edge.EdgeConfig(vectors=vectors, sparse_vectors=sparse))
        shard.flush()
        write_json(self.config_path(name), config)
        self.shards[name] = shard

    def config(self, name):
        self.shard(name)
        with open(self.config_path(name), encoding="utf-8") as file:
            return json.load(file)

    def shard(self, name):
        if name not in self.shards:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
        return self.shards[name]

    def delete(self, name):
        shard = self.shards.pop(name, None)
        if shard is None:
            return False
        shard.close()
        write_json(self.aliases_path(), {alias: target for alias, target in self.aliases().items() if target != name})
        os.remove(self.config_path(name))
        shutil.rmtree(os.path.join(self.root, name))
        return True

    def update(self, name, operation):
        shard = self.shard(name)
        shard.update(operation)
        shard.flush()
        return {"operation_id": 0, "status": "completed"}


def condition_of(condition):
    if "has_id" in condition:
        return edge.HasIdCondition(set(condition["has_id"]))
    if "has_vector" in condition:
        return edge.HasVectorCondition(condition["has_vector"])
    if "is_empty" in condition:
        return edge.IsEmptyCondition(condition["is_empty"]["key"])
    if "must" in condition or "must_not" in condition or "should" in condition:
        return filter_of(condition)
    match = condition.get("match")
    if match is not None:
        match = edge.MatchAny(match["any"]) if "any" in match else edge.MatchValue(match["value"])
    bounds = condition.get("range")
    if bounds is not None:
        kind = edge.RangeDateTime if any(isinstance(value, str) for value in bounds.values()) else edge.RangeFloat
        bounds = kind(**bounds)
    return edge.FieldCondition(condition["key"], match=match, range=bounds)


def filter_of(body):
    if body is None:
        return None
    lists = {key: [condition_of(condition) for condition in body[key]] for key in ("must", "must_not", "should") if key in body}
    return edge.Filter(**lists)


def vector_of(value):
    return edge.SparseVector(value["indices"], value["values"]) if isinstance(value, dict) else value


def query_of(body):
    return edge.QueryRequest(
        limit=body.get("limit", 10),
        offset=body.get("offset", 0),
        query=edge.Query.Nearest(vector_of(body["query"]), body.get("using")),
        filter=filter_of(body.get("filter")),
        with_payload=body.get("with_payload", False),
    )


def scroll_of(body):
    order = body.get("order_by")
    if order is not None:
        order = edge.OrderBy(order["key"], edge.Direction.Desc if order.get("direction") == "desc" else edge.Direction.Asc)
    return edge.ScrollRequest(
        offset=body.get("offset"),
        limit=body.get("limit", 10),
        filter=filter_of(body.get("filter")),
        with_payload=body.get("with_payload", True),
        with_vector=False,
        order_by=order,
    )


def point_of(body):
    return edge.Point(body["id"], {key: vector_of(value) for key, value in body["vector"].items()}, body.get("payload"))


def record_of(point):
    return {"id": str(point.id), "payload": point.payload}


def found_by(shard, body):
    return {"points": [{**record_of(point), "version": 0, "score": point.score} for point in shard.query(query_of(body))]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait for each other
    disable_nagle_algorithm = True

    def respond(self):
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length)) if length > 0 else {}
        path = unquote(urlsplit(self.path).path)
        try:
            with self.server.collections.lock:
                result = self.answer(path, body)
            status, reply = 200, {"result": result, "status": "ok", "time": 0, **(VERSION if path == "/" else {})}
        except Refused as refused:
            status, reply = refused.status, {"status": {"error": str(refused)}, "time": 0}
        except Exception as error:  # the engine's own refusals are plain exceptions
            status, reply = 400, {"status": {"error": f"Wrong input: {error}"}, "time": 0}
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = respond

    def answer(self, path, body):
        collections = self.server.collections
        if path == "/":
            return {}
        if path == "/collections":
            return {"collections": [{"name": name} for name in collections.shards]}
        if path == "/aliases":
            return {"aliases": [{"alias_name": alias, "collection_name": name} for alias, name in collections.aliases().items()]}
        if path == "/collections/aliases" and self.command == "POST":
            return collections.change_aliases(body["actions"])
        match = re.fullmatch(r"/collections/([^/]+)(/.*)?", path)
        if match is None:
            raise Refused(404, f"the stand-in has no route {path}")
        name, rest = match.group(1), match.group(2) or ""
        route = f"{self.command} {rest}"
        if route == "GET ":
            return {"status": "green", "config": {"params": collections.config(name)}}
        if route == "GET /exists":
            return {"exists": name in collections.shards}
        if route == "PUT ":
            collections.create(name, body)
            return True
        if route == "DELETE ":
            return collections.delete(name)
        if route == "PUT /index":
            schema = body["field_schema"]
            kind = INDEXES[schema["type"] if isinstance(schema, dict) else schema]
            return collections.update(name, edge.UpdateOperation.create_field_index(body["field_name"], kind))
        if route == "PUT /points":
            points = [point_of(point) for point in body["points"]]
            return collections.update(name, edge.UpdateOperation.upsert_points(points, filter_of(body.get("update_filter"))))
        if route == "PUT /points/vectors":
            vectors = [edge.PointVectors(point["id"], {key: vector_of(value) for key, value in point["vector"].items()}) for point in body["points"]]
            return collections.update(name, edge.UpdateOperation.update_vectors(vectors))
        if route == "POST /points/vectors/delete":
            return collections.update(name, edge.UpdateOperation.delete_vectors(body["points"], body["vector"]))
        if route == "POST /points/payload" and "filter" in body:
            return collections.update(name, edge.UpdateOperation.set_payload_by_filter(filter_of(body["filter"]), body["payload"]))
        if route == "POST /points/payload":
            return collections.update(name, edge.UpdateOperation.set_payload(body["points"], body["payload"]))
        if route == "POST /points/delete":
            if "filter" in body:
                return collections.update(name, edge.UpdateOperation.delete_points_by_filter(filter_of(body["filter"])))
            return collections.update(name, edge.UpdateOperation.delete_points(body["points"]))
        shard = collections.shard(name)
        if route == "POST /points":
            return [record_of(point) for point in shard.retrieve(body["ids"], body.get("with_payload", True), False)]
        if route == "POST /points/count":
            return {"count": shard.count(edge.CountRequest(exact=body.get("exact", True), filter=filter_of(body.get("filter"))))}
        if route == "POST /points/scroll":
            points, offset = shard.scroll(scroll_of(body))
            return {"points": [record_of(point) for point in points], "next_page_offset": None if offset is None else str(offset)}
        if route == "POST /points/query":
            return found_by(shard, body)
        if route == "POST /points/query/batch":
            return [found_by(shard, search) for search in body["searches"]]
        raise Refused(404, f"the stand-in has no route {self.command} {path}")

    def log_message(self, *_):
        """Tests print their own failures."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
    server.daemon_threads = True
    server.collections = Collections(sys.argv[1])
    server.serve_forever()
