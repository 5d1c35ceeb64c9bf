import * as z from 'zod'
import { CERTIFICATE_MODES } from './certificate.js'
import { DNS_MODES } from './dns.js'
import { parseRepository } from './off-site.js'

const plainPath = z
  .string()
  .regex(/^(\/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+$/, 'a path from /, of letters, digits, dots, hyphens and underscores')
const port = z.int().min(1).max(65_535)

/** `/etc/ruche/ruche.toml`, every key with its default. `RUCHE_<SECTION>_<KEY>` in the environment sets the same keys. */
export const Configuration = z
  .object({
    host: z
      .object({
        /** Interface with the public addresses; found from the default route when absent. */
        uplink: z.string().optional(),
        /** Public IPv4 address of the machine; found from the uplink when absent. */
        public_ipv4: z.ipv4().optional(),
        /** Public IPv6 address; found from the uplink when absent. */
        public_ipv6: z.ipv6().optional(),
        /** Page that answers with the address from which it was asked (https). With it the addresses that names lead to follow its word, and `public_ipv4` and `public_ipv6` count until it has answered: for a machine behind a router whose address changes. */
        address_page: z.url({ protocol: /^https$/ }).optional(),
        /** Authority of that page (PEM), when it is not a public one. */
        address_page_ca_file: z.string().optional(),
        /** Port of HTTP on the public addresses. */
        http_port: port.default(80),
        /** Port of HTTPS on the public addresses. */
        https_port: port.default(443),
        /** Connections to these ports that one address outside may hold at once (of IPv6: one /64), and requests. A whole school may be behind one. */
        connections_per_source: z.int().min(10).max(8000).default(2000),
      })
      .strict()
      .prefault({}),
    names: z
      .object({
        /** Name of the panel. */
        panel: z.string().default('ruche.localhost'),
        /** Sites are `<name>.<base_domain>`. */
        base_domain: z.string().default('sites.localhost'),
      })
      .strict()
      .prefault({}),
    dns: z
      .object({
        /** Who tells DNS about the names of sites: `off` (somebody else), `embedded` (a server that Ruche runs), `server` (updates to another, RFC 2136). */
        mode: z.enum(DNS_MODES).default('off'),
        /** Address of the server that takes the updates, for `server`. */
        server: z.union([z.ipv4(), z.ipv6()]).optional(),
        /** Port of the DNS server, either one. */
        port: port.default(53),
        /** Zone that holds the names; the base domain when absent. */
        zone: z.string().optional(),
        /** File with the TSIG key for `server`, as tsig-keygen(8) writes it; readable for the user ruche. */
        key_file: z.string().optional(),
        /** How long others may remember an answer, seconds. */
        ttl_seconds: z.int().min(5).max(86_400).default(60),
        /** People may add records of their own below the platform name of their site. */
        owner_records: z.boolean().default(false),
      })
      .strict()
      .prefault({}),
    dyndns: z
      .object({
        /** Address of a dyndns2 service that is told the public addresses, as in `https://dyndns.example.org/nic/update`. */
        server: z.url({ protocol: /^https$/ }).optional(),
        /** Names that it keeps for this machine. */
        hostnames: z.array(z.string()).min(1).max(20).optional(),
        /** Who tells it. */
        user: z.string().optional(),
        /** File with the password; readable for the user ruche. */
        password_file: z.string().optional(),
        /** Authority of the service (PEM), when it is not a public one. */
        ca_file: z.string().optional(),
      })
      .strict()
      .prefault({}),
    certificates: z
      .object({
        /** Who signs the certificates: `local` (an authority of this platform's own), `acme` (one on the Internet by RFC 8555, as Let's Encrypt; the local one until it has). */
        mode: z.enum(CERTIFICATE_MODES).default('local'),
        /** Address of the ACME server's directory. */
        acme_directory: z.url({ protocol: /^https$/ }).default('https://acme-v02.api.letsencrypt.org/directory'),
        /** Let's Encrypt's server for trying out is asked instead: its certificates are trusted by nobody, and its limits are wide. */
        acme_staging: z.boolean().default(false),
        /** Where the authority writes to when something is wrong. */
        acme_email: z.email().optional(),
        /** Authority of the ACME server itself (PEM), when it is not a public one. */
        acme_ca_file: z.string().optional(),
        /** Key id of an external account binding, for servers that want one. */
        acme_key_id: z.string().optional(),
        /** File with the key (base64url) that belongs to it; readable for the user ruche. */
        acme_key_file: z.string().optional(),
      })
      .strict()
      .prefault({}),
    network: z
      .object({
        /** Private network of the containers; its first address is the host's. */
        ipv4: z.cidrv4().default('10.1.1.0/24'),
        /** The same for IPv6: a ULA prefix, or one that is routed to the machine. */
        ipv6: z.cidrv6().default('fd00:10:1:1::/64'),
        /** Ports of the host that lead to the sites' SFTP, first and last. */
        sftp_ports: z
          .string()
          .regex(/^\d+-\d+$/)
          .default('22000-22999'),
        /** DNS servers that answer the sites' questions; the host's own when absent. */
        resolvers: z.array(z.union([z.ipv4(), z.ipv6()])).optional(),
      })
      .strict()
      .prefault({}),
    directory: z
      .object({
        /** Address of the LDAP server; StartTLS is used unless it is ldaps:// or loopback. */
        url: z.string().regex(/^ldaps?:\/\//, 'starts with ldap:// or ldaps://'),
        /** Below which people and groups are found. */
        base_dn: z.string().min(1),
        /** Account with which people are looked up; anonymous when absent. */
        bind_dn: z.string().optional(),
        /** File (0600) with that account's password. */
        bind_password_file: z.string().optional(),
        /** CA that signed the directory's certificate (PEM); the system's when absent. */
        ca_file: z.string().optional(),
        /** Attribute that is the sign-in name: `uid` (OpenLDAP), `sAMAccountName` (Active Directory). */
        login_attribute: z.string().default('uid'),
        /** Attribute with the name that people read. */
        name_attribute: z.string().default('cn'),
        /** DN of the group whose members administer. */
        administrators_group: z.string().optional(),
        /** DN of the group whose members may create sites. */
        creators_group: z.string().optional(),
        /** Whether a member of a group that is in a group counts as a member of both. */
        nested_groups: z.boolean().optional(),
      })
      .strict()
      .optional(),
    templates: z
      .object({
        /** Where built templates lie; several platforms may share it. */
        folder: z.string().default('/var/cache/ruche/templates'),
        /** Folder of recipes, instead of those that come with Ruche. */
        recipes: z.string().optional(),
        /** Archives that templates are made from, as lines of sources.list(5); those of this machine when absent. */
        sources: z
          .array(z.string().regex(/^deb [^\n]{1,500}$/, 'starts with "deb "'))
          .min(1)
          .optional(),
        /** When, each night (local time), templates with updates are built again in the background; `off`: never by itself. */
        nightly: z
          .string()
          .regex(/^(off|([01][0-9]|2[0-3]):[0-5][0-9])$/, 'a time as in 03:30, or off')
          .default('03:30'),
        /** Former templates of each stack that are kept when no site uses them any more. */
        keep: z.int().min(0).max(100).default(1),
      })
      .strict()
      .prefault({}),
    backup: z
      .object({
        /** Repository of restic for copies of all backups: `sftp://user@host:22/folder`. Absent: backups are on this machine only. */
        repository: z
          .string()
          .refine((text) => parseRepository(text) !== undefined, 'written as sftp://user@host:22/folder')
          .optional(),
        /** File with the password that the repository is sealed with, and nothing else; readable for the user ruche. Without it nobody reads the copies. */
        password_file: plainPath.optional(),
        /** File with the private SSH key (without a passphrase) for that user; it belongs to the user ruche. */
        key_file: plainPath.optional(),
        /** File with the host key of the repository's machine, as ssh-keyscan(1) writes it. */
        known_hosts_file: plainPath.optional(),
        /** How much of what lies there is read back and compared once a week, per cent. */
        check_percent: z.int().min(1).max(100).default(5),
      })
      .strict()
      .prefault({}),
    register: z
      .object({
        /** `sqlite` (a file of its own) or `postgresql://…`. */
        url: z.string().default('sqlite'),
      })
      .strict()
      .prefault({}),
  })
  .strict()
export type Configuration = z.infer<typeof Configuration>
