// A server that answers with the names of the variables it has, never with values.
import { createServer } from "node:http";

const wanted = ["DB_PASSWORD", "SESSION_SECRET", "JWT_SECRET", "STRIPE_SECRET_KEY", "SMTP_PASSWORD", "ENCRYPTION_KEY"];
const missing = wanted.filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`not set: ${missing.join(", ")}`);
  process.exit(1);
}

createServer((_, response) => response.end(`${wanted.length} secrets are set\n`)).listen(Number(process.env.PORT));
