package verdict

import (
	"github.com/docker-secrets/docker-secrets/transform"
)

// The phrases of a row, separated by commas (phrases.go):
//
//	api key     at the end of the name, with or without modifiers after it (API_KEY_V2)
//	^vite       at its start
//	~passphrase anywhere in it
//
// A name never gets to nameRules, at the end of this file, if a row of publicNames or
// nameVetoes matches it first: look there when a phrase seems to have no effect.

// publicNames are names that say that everybody may read the value. They do not
// outweigh a value that is a credential beyond doubt.
//
//nolint:gochecknoglobals // a table, never written
var publicNames = []rule{
	{name: "veto:public-prefix", verdict: transform.Plain, when: mistakable, words: newPhrases(
		`^next public, ^nuxt public, ^nuxt env public, ^expo public, ^vite, ^react app, ^gatsby, ^vue app, ^storybook, ^preact app, ^ng app, ^bun public, ^plasmo public, ^wxt`,
	)},
	{name: "veto:public-name", verdict: transform.Plain, when: isPublicName, words: newPhrases(
		`~public, ~publishable, ~pub key, ~pubkey, ~pubkeys, ~anon, ~anonymous, ~site key, ~browser key, ~authorized keys, ~known hosts, ~gpg key, ~pusher app key, ~reverb app key, ~soketi app key, ~soketi default app key`,
	)},
}

// nameVetoes are names that describe something, or say where it is. They do not outweigh
// a generated value whose name has a credential's name in it: API_KEY_READ_ONLY.
//
//nolint:gochecknoglobals // a table, never written
var nameVetoes = []rule{
	{name: "veto:path", verdict: transform.Plain, when: isPathName, words: newPhrases(
		`^file, file, files, filename, file name, path, paths, dir, dirs, directory, folder, location, locations, sock, socket, keystore, truststore, key store, trust store, keytab`,
	)},
	{name: "veto:path", verdict: transform.Plain, when: isPathOrContent, words: newPhrases(
		`cert, certs, certificate, certificates, crt, ca, volume, kubeconfig, google application credentials, keystore credentials, truststore credentials, ssl key credentials`,
	)},
	{name: "veto:path", verdict: transform.Plain, when: isWorkingDirectory},
	{name: "veto:path", verdict: transform.Plain, when: isEmpty, words: newPhrases(`tls key, ssl key`)},
	{name: "veto:url", verdict: transform.Plain, when: isDescribed, words: newPhrases(`^service url, ^service fqdn`)}, // Coolify's own
	{name: "veto:url", verdict: transform.Plain, when: isAddress, words: newPhrases(
		`url, urls, uri, uris, endpoint, endpoints, link, callback, redirect`,
	)},
	{name: "veto:quantity", verdict: transform.Plain, when: isDescribed, words: newPhrases(
		`expires, expires in, expire, expiry, expiration, expiration time, exp, ttl, lifetime, life time, timeout, age, duration, interval, delay, period, days, hours, minutes, seconds, sec, secs, ms, time, date`,
		`length, len, size, bits, bytes, rounds, cost, iterations, count, limit, limits, max, min, minimum, maximum, threshold, retries, attempts, num, number, quota, budget, usage, rate, ratio, strength, entropy, validity, complexity`,
		`~ttl, ~expires, ~expiration, ~expiry, ~lifetime, ~max age, ~max tokens, ~min length, ~max length, ~rate limit, ~rotation interval, ~token count, ~token limit, ~num tokens, ~password min, ~password max, ~password history, ~password required, ~max token`,
	)},
	{name: "veto:choice", verdict: transform.Plain, when: isDescribed, words: newPhrases(
		`connector, method, methods, type, types, kind, mode, policy, scheme, schemes, algorithm, algorithms, algo, alg, cipher, ciphers, digest, hasher, hashers, format, encoding, encoder, strategy, backend, driver, engine, adapter, mechanism, mechanisms, protocol, level, version, profile, class, validator, validators, generator, converter, serializer, rule, rules, regex, pattern`,
		`provider, providers, issuer, iss, audience, aud, scope, scopes, claim, claims, realm, source, sources, origin, origins, store, header, headers, field, fields, column, attribute, parameter, param, prefix, suffix, separator, delimiter, template, subject, title, description, message, text, hint, question, placeholder, theme, language, locale, region`,
		`enabled, disabled, enable, disable, required, require, allowed, authentication, authorization, authenticator, rotation, same site, samesite, secure, http only, httponly, insecure, only`,
		`~password policy, ~password strength, ~password complexity, ~password hashing, ~password encryption, ~password login, ~secret manager, ~secrets manager`,
	)},
	{name: "veto:identity", verdict: transform.Plain, when: isIdentity, words: newPhrases(
		`user, users, username, usernames, uname, name, names, id, ids, uid, gid, uuid, guid, sid, arn, email, emails, mail from, address, addr, addresses, bucket, channel, index, topic, queue`,
		`servers, brokers, listeners, peers, replicas, members, super users, superusers, principals`,
		`alias, aliases, image pull secret, image pull secrets, database, db, dbname, schema, table, host, hosts, hostname, domain, domains, port, ports, node, nodes, namespace`,
		`sha, sha1, sha256, sha512, md5, checksum, commit, revision, fingerprint, fingerprints, thumbprint, tag`,
	)},
	{name: "veto:structure-key", verdict: transform.Plain, when: isStructureKey, words: newPhrases(
		`prefix key, partition key, routing key, sort key, hash key, range key, foreign key, primary key, unique key, index key, group key, cache key, cache keys, object key, lookup key, idempotency key, dedup key, shard key, row key, column key, label key, tag key, annotation key, metadata key, header key, queue key, lock key, channel key, translation key, i18n key, feature key, flag key, config key, setting key, registry key, message key, context key, topic key, state key, hot key, s3 key, sequence key, natural key, redis key, meta key, local storage key`,
		`~key prefix, ~key name, ~key path, ~key converter`,
	)},
}

// nameRules are the names of credentials.
//
//nolint:gochecknoglobals // a table, never written
var nameRules = []rule{
	{name: "veto:choice", verdict: transform.Plain, value: isChoiceWord, words: newPhrases(`auth, security, credentials`)},
	{name: "name:password", verdict: transform.Secret, words: passwords},
	{name: "name:password", verdict: transform.Secret, words: newPhrases(`pin, pin code, pincode`), when: isPIN},
	{name: "name:secret", verdict: transform.Secret, words: newPhrases(`~secret, ~secrets`)},
	{name: "name:api-key", verdict: transform.Secret, when: notBrowserKey, words: newPhrases(
		`~api key, ~api keys, service key, service role key, server key, app key, app keys, application key, account key, subscription key, function key, ingestion key, write key, integration key, admin key, fcm key, developer key, access keys, consumer key`,
		`openai key, anthropic key, gemini key, stripe key, sk, sendgrid key, mailgun key, resend key`,
	)},
	{name: "name:encryption-key", verdict: transform.Secret, words: newPhrases(
		`~private key, ~private keys, ~secret key, ~secret keys, ~encryption key, ~encryption keys, ~master key, ~signing key, ~signing keys`,
		`encrypt key, enc key, encryption salt keys, crypto key, crypt key, cipher key, cypher key, aes key, des key, rsa key, fernet key, fernet keys, root key, unseal key, unseal keys, recovery key, kek, vault key, creds key, cred key`,
		`encryption primary key, encryption secondary key, encryption deterministic key, deterministic key, attr encrypted key, openssl key, lockbox key`,
		`sign key, sig key, signature key, hmac key, mac key, salt key, jwt key, jwt keys, jwk, jwks, jwe key, session key, session keys, cookie key, cookie keys, csrf key, nonce key, logged in key, secure auth key`,
		`auth key, auth keys, authentication key, authorization key, oauth key, token key, access key, shared key, pre shared key, preshared key, psk, wireguard key, wg key, tunnel key, join key, gossip key, ssh key, ssh keys, deploy key, host key, tls key, ssl key, client key, id rsa, id ed25519, rotation key, otp key, totp key, 2fa key, mfa key, security key`,
	)},
	{name: "name:license-key", verdict: transform.Secret, words: newPhrases(`license key, licence key, license keys, product key, activation key, serial key`)},
	{name: "name:license-key", verdict: transform.Secret, words: newPhrases(`license, licence`), when: isLicense},
	{name: "name:token", verdict: transform.Secret, when: notBrowserKey, words: newPhrases(
		`token, tokens, tok, pat, bearer, service role jwt, service jwt, ~access token, ~auth token, ~api token, ~bot token, ~refresh token, ~secret token, root token id`,
	)},
	{name: "name:salt", verdict: transform.Secret, words: newPhrases(`salt, salts, pepper, peppers`)},
	{name: "name:credential", verdict: transform.Secret, when: notANumber, words: newPhrases(
		`credential, credentials, creds, cred, service account json, service account key, service account, dockerconfigjson, docker auth config, netrc, erlang cookie, release cookie, rabbitmq cookie, mnemonic, seed phrase, recovery phrase, keyfile content, key file content`,
	)},
	{name: "name:auth", verdict: transform.Secret, words: newPhrases(`auth, user info, userinfo`), value: isUserAndPassword},
	{name: "name:auth", verdict: transform.Secret, words: newPhrases(`users, superuser, admin, accounts, keys, ~basic auth`), value: isUserColonPassword},
	{name: "name:auth", verdict: transform.Secret, words: newPhrases(`redis auth, redis cli auth, rediscli auth, valkey auth, valkeycli auth, basic auth, http auth, neo4j auth`)},
	{name: "name:webhook", verdict: transform.Secret, when: isWebhookKey, words: webhookNames},
	{name: "name:connection-string", verdict: transform.Secret, when: isEmpty, words: connections},
	{name: "name:key", verdict: transform.Secret, words: newPhrases(`key, keys`), when: isKey},
	{name: "name:cookie", verdict: transform.Secret, words: newPhrases(`cookie, cookies, cookie string`), value: isCookie},
	{name: "name:random", verdict: transform.Secret, words: newPhrases(`seed, code, encryption, ~key, ~token, ~pass, ~pwd, ~pw, ~auth`), value: isRandom, when: notIdentifier},
	{name: "name:random", verdict: transform.Secret, words: newPhrases(`auth, ~jwt, otp seed, totp seed, hmac, preshared, signkey, pin code`), value: isGenerated, when: notIdentifier},
	{name: "name:random", verdict: transform.Secret, when: (*subject).generatedCredential},
}

// maybeRules find what a person has to look at.
//
//nolint:gochecknoglobals // a table, never written
var maybeRules = []rule{
	{name: "maybe:access-key-id", verdict: transform.Maybe, words: newPhrases(`access key id`)},
	{name: "maybe:access-key-id", verdict: transform.Maybe, value: isAWSKeyID},
	{name: "maybe:browser-key", verdict: transform.Maybe, words: browserKeys},
	{name: "maybe:browser-key", verdict: transform.Maybe, value: isGoogleKey},
	{name: "maybe:connection-string", verdict: transform.Maybe, when: isEmpty, words: servers},
	{name: "maybe:cookie", verdict: transform.Maybe, when: isEmpty, words: newPhrases(`cookie, cookies`)},
	{name: "maybe:key", verdict: transform.Maybe, words: newPhrases(`key, keys`)},
	{name: "maybe:random-value", verdict: transform.Maybe, value: isRandom, when: notIdentifier},
	{name: "maybe:random-value", verdict: transform.Maybe, value: isRandomWord, when: notIdentifier},
}

// Groups of names that more than one rule or condition uses.
//
//nolint:gochecknoglobals // a table, never written
var (
	passwords = newPhrases(
		`pass, pwd, pw, pass phrase, pass word, passcode, psw, pswd, pword, passkey, passkeys, pass key, access code, masterauth, htpasswd, senha, passwort, kennwort, contrasena, motdepasse, wachtwoord, parola`,
		`~password, ~passwords, ~passwd, ~passphrase, ~passphrases, ~db pass, ~database pass, ~smtp pass, ~mail pass, ~redis pass, ~admin pass, ~root pass, ~mysql pass, ~postgres pass, ~user pass`,
	)
	// connections usually hold a password in production, so that an empty one counts as
	// a secret that is not set.
	connections = newPhrases(
		`database url, database uri, database dsn, db url, db uri, db dsn, postgres url, postgres uri, postgres dsn, postgresql url, postgresql uri, pg url, pg uri, mysql url, mysql uri, mysql dsn, mariadb url, mongo url, mongo uri, mongodb url, mongodb uri`,
		`connection string, conn string, connection uri, amqp url, amqp uri, rabbitmq url, rabbitmq uri, sqlalchemy database uri`,
	)
	// servers have a password in some applications and none in others.
	servers = newPhrases(
		`redis url, redis uri, redis dsn, valkey url, keydb url, cache url, broker url, queue url, result backend, lock dsn, transport dsn, transport url`,
		`smtp url, mail url, mailer url, mailer dsn, email url, email server url, email server, elasticsearch url, elastic url, opensearch url, clickhouse url, nats url, ldap url`,
	)
	webhookNames = newPhrases(`~webhook, ~webhooks, slack url, discord url, teams url, mattermost url, telegram url`)
	chatSystems  = newPhrases(`~slack, ~discord, ~teams, ~telegram, ~mattermost, ~rocketchat, ~google chat, ~feishu, ~lark, ~dingtalk, ~wecom, ~zapier`)
	urlWords     = newPhrases(`url, uri, webhook, webhooks, hook, endpoint`)
	// browserKeys are meant for browsers, and safe there if their owner restricts them.
	// Many owners do not, so that a person has to decide.
	browserKeys = newPhrases(
		`maps api key, maps key, map key, map token, map api key, mapbox key, mapbox token, mapbox access token, mapbox api key, maptiler key, maptiler api key`,
		`posthog key, posthog api key, posthog project api key, firebase api key, firebase key, algolia search key, algolia search api key, amplitude api key, segment write key, segment key, mixpanel token, rollbar client token, instrumentation key, giphy api key, tinymce api key`,
	)
	// guarded are words that outweigh a word for public things: S3_PUBLIC_SECRET_KEY
	// is the secret of a public bucket.
	guarded = newPhrases(`~secret, ~private, ~password, ~passwd, ~passphrase, ~pass`)
	// generatedNames are names in which a generated value is a credential, whatever
	// else they say.
	generatedNames = newPhrases(
		`~password, ~passwords, ~passwd, ~passphrase, ~pass, ~pwd, ~pw, ~secret, ~secrets, ~credential, ~credentials, ~token, ~tokens`,
		`~api key, ~api keys, ~private key, ~access key, ~encryption key, ~signing key, ~master key, ~auth key, ~session key, ~service key`,
	)
	// identityOf are last words after which even a generated value is public: the
	// identifier of a key, a token's audience, the hash of an image.
	identityOf = newPhrases(
		`aud, audience, iss, issuer, kid, uuid, guid, arn, fingerprint, fingerprints, thumbprint, commit, revision, digest, checksum, sha, sha1, sha256, sha512, md5, tag, version, url, uri, endpoint, host, hosts, domain, domains, email, emails, address`,
		`key id, key ids, token id, client id, app id, application id, project id, tenant id, account id, user id, credential id, credentials id, config id, vault id, subscription id, password id, policy id, team id, bundle id, service id, vault name, secret name, secrets name`,
	)
	keyPairIDs  = newPhrases(`access key id, secret id, root token id, password sha, password sha1, password sha2, password sha256, password sha512, password md5`)
	identifiers = newPhrases(`~id, ~ids, ~uuid, ~version, ~hash, ~sha, ~sha256, ~sha512, ~md5, ~digest, ~checksum, ~commit, ~revision, ~fingerprint, ~image, ~tag, ~address, ~peer, ~host, ~domain`)
)
