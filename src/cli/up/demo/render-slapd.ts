import { BIND_DN, SUFFIX } from './people.js'

/** slapd.conf(5) of the sample directory. Only the account of Ruche may look around; everybody may try their own password. Pure. */
export function renderSlapd(folder: string): string {
  const schemas = ['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`)
  return `${schemas.join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/data/slapd.pid
threads 4
disallow bind_anon
database mdb
suffix "${SUFFIX}"
rootdn "cn=root,${SUFFIX}"
directory ${folder}/data
maxsize 16777216
index objectClass,uid,member,memberOf eq
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${BIND_DN}" read by self read by * none
`
}
