/** OpenSSL's configuration file (config(5ssl), x509v3_config(5ssl)) for an authority; with `zones` it can only certify names in them, and never an address. */
export function renderAuthorityRequest(name: string, zones: readonly string[]): string {
  return `${renderSubject(name)}[extensions]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
nameConstraints = critical,@constraints
[constraints]
${zones.map((zone, index) => `permitted;DNS.${index + 1} = ${zone}\n`).join('')}excluded;IP.1 = 0.0.0.0/0.0.0.0
excluded;IP.2 = 0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0
`
}

/** The same for a certificate of a web server. */
export function renderLeafRequest(names: readonly string[]): string {
  return `${renderSubject()}[extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = @names
[names]
${names.map((name, index) => `DNS.${index + 1} = ${name}\n`).join('')}`
}

// A leaf has no common name: browsers read only the alternative names, and 64 characters would not hold every domain.
function renderSubject(name?: string): string {
  return `[req]
distinguished_name = subject
prompt = no
[subject]
O = Ruche
${name === undefined ? '' : `CN = ${name}\n`}`
}
