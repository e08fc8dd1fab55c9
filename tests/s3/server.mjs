// s3rver, which stores but does not check signatures of version 4, behind a check of them by aws4.
// node server.mjs DIRECTORY PORT BUCKET
import http from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const aws4 = require('aws4');
const S3rver = require('s3rver');

const [directory, port, bucket] = process.argv.slice(2);
const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

function isSigned(request) {
  const told = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([^/]+)\/s3\/aws4_request, *SignedHeaders=([^,]+), *Signature=/;
  const parts = told.exec(request.headers.authorization ?? '');
  if (parts === null) return false;
  const headers = {};
  for (const name of parts[2].split(';')) headers[name] = request.headers[name];
  const again = { method: request.method, path: request.url, service: 's3', region: parts[1], headers };
  aws4.sign(again, keys);
  const signature = (text) => text.slice(text.lastIndexOf('=') + 1);
  return signature(again.headers.Authorization) === signature(request.headers.authorization);
}

const refusal = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SignatureDoesNotMatch</Code>'
  + '<Message>The signature is not the one of this request and key.</Message></Error>';

const store = new S3rver({ directory, silent: true, vhostBuckets: false, configureBuckets: [{ name: bucket }] });
await store.configureBuckets();
const answer = store.callback();
http.createServer((request, response) => {
  if (isSigned(request)) {
    answer(request, response);
    return;
  }
  request.resume();
  response.writeHead(403, { 'Content-Type': 'application/xml' }).end(refusal);
}).listen(Number(port), '127.0.0.1');
