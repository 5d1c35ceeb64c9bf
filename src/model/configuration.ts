import * as z from 'zod'

const port = z.int().min(1).max(65_535)

/** `/etc/ruche/ruche.toml`, every key with its default. `RUCHE_<SECTION>_<KEY>` in the environment sets the same keys. */
export const Configuration = z
  .object({
    host: z
      .object({
        /** Interface with the public addresses; found from the default route when absent. */
        uplink: z.string().optional(),
        public_ipv4: z.ipv4().optional(),
        public_ipv6: z.ipv6().optional(),
        http_port: port.default(80),
        https_port: port.default(443),
      })
      .strict()
      .prefault({}),
    names: z
      .object({ panel: z.string().default('ruche.localhost'), base_domain: z.string().default('sites.localhost') })
      .strict()
      .prefault({}),
    network: z
      .object({
        ipv4: z.cidrv4().default('10.1.1.0/24'),
        ipv6: z.cidrv6().default('fd00:10:1:1::/64'),
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
        url: z.string().regex(/^ldaps?:\/\//, 'starts with ldap:// or ldaps://'),
        base_dn: z.string().min(1),
        /** Account with which people are looked up; anonymous when absent. */
        bind_dn: z.string().optional(),
        /** File (0600) with that account's password. */
        bind_password_file: z.string().optional(),
        /** CA that signed the directory's certificate (PEM); the system's when absent. */
        ca_file: z.string().optional(),
        /** Attribute that is the sign-in name: `uid` (OpenLDAP), `sAMAccountName` (Active Directory). */
        login_attribute: z.string().default('uid'),
        name_attribute: z.string().default('cn'),
        administrators_group: z.string().optional(),
        creators_group: z.string().optional(),
      })
      .strict()
      .optional(),
    templates: z
      .object({ folder: z.string().default('/var/cache/ruche/templates') })
      .strict()
      .prefault({}),
    register: z
      .object({ url: z.string().default('sqlite') })
      .strict()
      .prefault({}),
  })
  .strict()
export type Configuration = z.infer<typeof Configuration>
