/**
 * Certificates and keys of nobody, made with OpenSSL for the tests and good until 2120 unless they say otherwise. The keys open
 * with `pin`. `elliptic` and `rsa` are two people's; `other` is a third key; `older` is `elliptic` as Windows used to export it.
 */
export const pin = 'pin-4711';

export const certificates = {
  elliptic: `-----BEGIN CERTIFICATE-----
MIIBbDCCARKgAwIBAgICEAAwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLSW52ZW50
ZWQgZWMwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBYxFDASBgNV
BAMMC0ludmVudGVkIGVjMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7Kf/4kDn
4hh2G0z5tW8a2xWWXQug5nQ5zLfEElR9KgvIkvufR53FtsW7lMp4qEwPPRzaLVan
2Qw2biPbdBC7gKNOMEwwCQYDVR0TBAIwADALBgNVHQ8EBAMCB4AwEwYDVR0lBAww
CgYIKwYBBQUHAwIwHQYDVR0OBBYEFLeilzq/1bZWtoUNz6QGCmz3CqDMMAoGCCqG
SM49BAMCA0gAMEUCIEAKaNbqn816CUGABEhTUtyzlN4fB9ElsbGVlLqlOxYmAiEA
/NolkLOZ0c5lDg/gRG0xuiZy5Ulb4uTLqC++psJbBvk=
-----END CERTIFICATE-----
`,
  rsa: `-----BEGIN CERTIFICATE-----
MIIC+jCCAeKgAwIBAgICEAEwDQYJKoZIhvcNAQELBQAwFzEVMBMGA1UEAwwMSW52
ZW50ZWQgcnNhMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAXMRUw
EwYDVQQDDAxJbnZlbnRlZCByc2EwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
AoIBAQDc4XHztL6+q3mKvdXatZDNo7OkVQRObh35r23ZTItnqVSR4wEaovKZ+a59
n0WcDp3Dk+MmhflzgqST1Wx1+FXjzxT21yROsxZXQsSVm10i4kwqTzlwXJxAminS
LMrE4O1LHfE5Scd8cSwD0Zyb6sKZAIG6fHtNnEIthWVyz7HK5ghJSA4vlAQMu3EC
oYZ3nprQrfL+XWILsk+JG6V1gm0grxfOWeFjGHzqA/BbPdgRWlrRykIWyL6XcsBm
cq/4zpsfCaBQ04NFkd11KUgIDH6AhnsuTR5w4MclzBoO1InMm1AFEU7aS8Yu+p2I
Pdbsk80hurXIE+U3D9Od8StGiHPrAgMBAAGjTjBMMAkGA1UdEwQCMAAwCwYDVR0P
BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMCMB0GA1UdDgQWBBShm5EcMD30zxe1
9e8uTJ/GznXglDANBgkqhkiG9w0BAQsFAAOCAQEATMaWu8bmgRABLoxoSYWMMNfE
cgaNfaIBcAsiiDoAXEJMayAGBQlVA9rCKG54ldUpdqu3XE8c9OTFF0zF7c0UqAfK
WKP0+ad9kgZfkYRjMifKrKr6qaeo1BjQO2vOP1GeSmkVguvENL0tsdDAmhtHmQ5a
yukoKlGHW2GlgJ1bwbP3elu2SX5Gp0zSAirdk88EPSKWQrl24PUBBe7My/AXy0f6
FACBb9OENudcKMGuM30OJp1GiPgQFlWi2ijlknVeL7dFrl/RIdzXum+u7eBZYM1l
Qo117/IVZmEdVfLOC+ElhtwejKk+S6LG2nJewQr0KzJI24dWk83sp1avxSAWXQ==
-----END CERTIFICATE-----
`,
  other: `-----BEGIN CERTIFICATE-----
MIIBcTCCARigAwIBAgICEAUwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAwwOSW52ZW50
ZWQgb3RoZXIwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBkxFzAV
BgNVBAMMDkludmVudGVkIG90aGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
YAqkES/XSvPMGUxY29zCXUd/U0KyZgF70E9n7HRxVAxV2fhYYmNBx3VeH2madmMU
IMluH/XmkAx2343PB/bz7KNOMEwwCQYDVR0TBAIwADALBgNVHQ8EBAMCB4AwEwYD
VR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFNaCszGxvcfQbFfqi1dDjnWoUXM5
MAoGCCqGSM49BAMCA0cAMEQCIG3/LxBNmVd+zNdGng0d5k6XIdVg04T7mvW3rO+Q
CuqIAiAmarUdXF+0sD/k7uRaQbrRN+ySBz5B+C4raLp/kDUiNw==
-----END CERTIFICATE-----
`,
  weak: `-----BEGIN CERTIFICATE-----
MIIB9zCCAWCgAwIBAgICEAIwDQYJKoZIhvcNAQELBQAwGDEWMBQGA1UEAwwNSW52
ZW50ZWQgd2VhazAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowGDEW
MBQGA1UEAwwNSW52ZW50ZWQgd2VhazCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC
gYEAyauxd04WAx0BqL+AdnotsmnES6/pM5Qp3jHAAgQ8zw4CnNjzxONbOkv8N3s6
2sLnoL55NLohPjWuXWldw9DxJh6PPdPKMpNditOuKpzr0GglsWYKvTzQ2YPFoZbi
BsAtsz41fmLzOhbzvDi6jFjttzLpni+g0YBG9AEuDmxIMRkCAwEAAaNOMEwwCQYD
VR0TBAIwADALBgNVHQ8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0O
BBYEFLIZ65Hx4hye5BKtaQuZSx16Q/s+MA0GCSqGSIb3DQEBCwUAA4GBAGo3HqOT
QNfPj32vqNtJNdG/kwFwP9KoWpWSwIUmmVU+a+zVw7Xj6lMIYh+XWB7oGkdK1hDZ
O4mH8o5poCh0Vw2qi9KnDCYz1CajAqoqxc/3Po7ZSD2gfBhr7PI955Bpd7QgMDoh
c3kKLfXMENOX6DFgZswqOO+A5YX0QyrHGGaa
-----END CERTIFICATE-----
`,
  expired: `-----BEGIN CERTIFICATE-----
MIIBczCCARqgAwIBAgICEAMwCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQSW52ZW50
ZWQgZXhwaXJlZDAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBsxGTAX
BgNVBAMMEEludmVudGVkIGV4cGlyZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AATsp//iQOfiGHYbTPm1bxrbFZZdC6DmdDnMt8QSVH0qC8iS+59HncW2xbuUynio
TA89HNotVqfZDDZuI9t0ELuAo04wTDAJBgNVHRMEAjAAMAsGA1UdDwQEAwIHgDAT
BgNVHSUEDDAKBggrBgEFBQcDAjAdBgNVHQ4EFgQUt6KXOr/Vtla2hQ3PpAYKbPcK
oMwwCgYIKoZIzj0EAwIDRwAwRAIgdzkTrFix/iXaM+IeBOE01ER2SsluUSFlTIL9
D6oy4nICIAzOz7XhQbnm6aRfObm9aCbk//P7vUV3vn0x7UJiQi/k
-----END CERTIFICATE-----
`,
  future: `-----BEGIN CERTIFICATE-----
MIIBdjCCARygAwIBAgICEAQwCgYIKoZIzj0EAwIwGjEYMBYGA1UEAwwPSW52ZW50
ZWQgZnV0dXJlMCIYDzIwOTAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBox
GDAWBgNVBAMMD0ludmVudGVkIGZ1dHVyZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABOyn/+JA5+IYdhtM+bVvGtsVll0LoOZ0Ocy3xBJUfSoLyJL7n0edxbbFu5TK
eKhMDz0c2i1Wp9kMNm4j23QQu4CjTjBMMAkGA1UdEwQCMAAwCwYDVR0PBAQDAgeA
MBMGA1UdJQQMMAoGCCsGAQUFBwMCMB0GA1UdDgQWBBS3opc6v9W2VraFDc+kBgps
9wqgzDAKBggqhkjOPQQDAgNIADBFAiEAzQVDTQJt815vlOIfOo04bS426sXHzWdm
fS9rrkDQhMICIF+xwEnD5WYvzfzLlvuu4Md2uYsTMbmop7FCOqbwsVQl
-----END CERTIFICATE-----
`,
} as const;

/** PKCS#8, closed with the PIN. */
export const pemKeys = {
  elliptic: `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhuA36jwEiOugICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEA8eQri3h7eb0OyTKaDmZCgEgZCu
tANpugSV+Ps+MeUSLsdqINCY5IZcJqxqjPDb6TWhezrSrpTzEbrkBx8c3WT1K0tH
3oL5s0yCfWjo5SHLbeyPLtlhbJpiaVZv/WswuNrH7tBIlx4llxdrEkz5PFowrwLC
//s+ZK7aJbHnhclCD+vZPwX0B1k0TcbV9wxD/3xPmjxcwpKBHpxs+r7WN5n31dY=
-----END ENCRYPTED PRIVATE KEY-----
`,
  rsa: `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIRKqqeUz50dACAggA
MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBA5HdChtKcD3A4cuz8EqR56BIIE
0Lo41K85c1y0t1oa/XVp3UtFviPWq3s1yO8+MQfEThcB9Ld9OJOjuFY2kCWb4TJd
6OYl8V+AnIWS1T69J9csyGLK+uFysSaU+z1LRHWjpMY3xHWwsqNiY1OoUYqqYAYM
zPWppgmRrWfMV4FHgGcNaohUgVJFedB33IhiobqdknQ4fluOV287KJzbbTzhUdIJ
h3QeosXrVl0lCXYVL25msMbOJ5ioO7qGI+TSiBM2ZsRdk1G6ihSd56+uDd2pywbA
1mykeMKts6NlEl+/6hQC7tqUa1MIDh9yvTJnU+wKZIQq3zssEfFjdAdBCAHPB0kc
ovoL3TsA+UjwfG63lyJGP2z0BB/uY26o0kSOz/RwsP4yTiem2O1iImHu6lHhWEFH
58UvDOr76jXyp6kt9+MHLp5H4OehfjsRS6XEmyX4e/MXUzKZVvY9ev5SguksSylr
8obVS41PAfzETeY7CLpux603i5DKamMH6iCNFcsjKnL7EEFt1CCfeREwD23kCiEs
WtAlf2LXShlHXkRiAS4dSh/sek067cbTkbHcUXmqKXJjipQ3bJ1yAy5RMGnM0MHG
Scma8LfIHsBz8swufx48RShQCVUT3PvzoG0zeiKhQjDuA5RLqWMBu8/1gEU+FMMF
ejw5idCM57hCpMXz+qf5oBDhH6HPHQvHhd2FPhLmaEfM4l/ZrPOJoOQLn4mOtT52
ysl+HHrlwWZZ2rLpvUbz0Hfl90MLopv4mUvIr0kOWfx50ZS+BOQhGqp5s3wSHR1I
ewRzUwxYl9bcUULuK6Tp/FKf0w9iu5Ne28v4fElOhEoEfvT+beV+hepoz07mBuzp
QpJClsgulS/o859nqI0xH5CV6M4c3PHxHzUzZaO+rVb3YBXq/0zu78zYk1dp4nnt
q8arSFn/Haab7UdtLf79SqcTiy5qCxPriCD2utZeG/RXjJRF/R3dPnOtx6GTanUc
6IsRr3LAEjcN2MUa+4Rxm+1Am6nW4NGoLZQ+q+Bp7fmqzXgcjPvDRpINfkqRPqq7
3ep6WhoOjix5vUjrY3J+4s32jq1V5hbnMqA1msWJgqtGQQz1hrakqoCDCSt/yriL
IwLv+71baZ2DB6JIYdEifRFgyBWp87ByLR2dbqcrSHMGjLt1JpGrhnIgP40NhPCF
DFhlNsNj8TIpYbc2d1tB1gAcNiGnXnMpuU6FSJI6mcml4CmPCWULzaulBti/OmwG
06kCcWB4GengIjRpfpdZsE9Wrs2nMSEuLmhl2B5adAG5ow7N7z0wbADrmtMX+GZ2
3w0FNGeA20k2gC+lN3ac/DaISv03nw26LAaDBcP88/ue0GrAKgbUmEJVzaWU2sfF
YwQuwctD7xU6A3LfnFpkAPFZdtyPD3VEgyKWZQaQKOzxS2EJk5F12Uh8KPZYiy0C
s81nHJBorHvtT1ZZK7K/ziUoFiT7PuHwAQexiV/n4NdR/veqv72w21rBymVTdga6
Nrsc7qZXjHtTOazqNBHeuYbSSMXtpCxfCOxu8qT7YMJFuyGdAgSb5nEXOXIe8gWG
6Vrc5XTqoba3vsD1rxgSehWYpfBPFOw8c6HrPYCmHV1rLtQJgyOORsXugZik3XiM
9J34tAYR0w39/ugi6NE/mOxm2pc1eRAV5hsHueqBc6ki
-----END ENCRYPTED PRIVATE KEY-----
`,
} as const;

/** The same key as `pemKeys.elliptic`, which nothing protects. */
export const openKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSvT+TznedWMc1gTd
wQtSnWcyZMPBsrHBrQbRfhtegMShRANCAATsp//iQOfiGHYbTPm1bxrbFZZdC6Dm
dDnMt8QSVH0qC8iS+59HncW2xbuUynioTA89HNotVqfZDDZuI9t0ELuA
-----END PRIVATE KEY-----
`;

/** PKCS#12, in base64. */
export const pkcs12 = {
  elliptic: `MIID/AIBAzCCA7IGCSqGSIb3DQEHAaCCA6MEggOfMIIDmzCCAlIGCSqGSIb3DQEH
BqCCAkMwggI/AgEAMIICOAYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqG
SIb3DQEFDDAcBAhNSQjO+W8iJwICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME
ASoEEAxUfYW0pepB0gLKgAqUxTiAggHQhj5TWvkLurVSdlG1pnZvSh6eKgRBeYuh
xl2Rg1Z528GXR5QWucdIHOCb8vbb2e13RwdhOjXX+TjnwfDUfkeBPy18A+4HGF5+
T0e8VcAkGhP3buymHaK3JVo1ZKtQF+JEbCSHwcn2im21Z6e4j/ITozUehH3IXItZ
jbWGO/cQf1yMmjYIpo23tg/U5Doff7+dsvMq+mtBiKSX3ui2VeUmxDBxVEfN7li3
DQBAwuZxqpulgYT4JzMv4iAXMf8Fjuj2ZQU9aLswc1UAFE0XjWuWZBFJYEAkYL2D
Q84VIc0N869/Y7SVqpC0N+P/+myQkxv7AVO9VpSRG6UnvghSr/UBxaH3J4Wjsj+T
6nkL4xQ2lyy0Zm1lJqXD/KcOfnAG3rtUSVPFMShdcRuk43AjUqCCmMGOhVDzmszL
xb2TR1HqWi7h2iM2Y4XmOPuoqU2qIxAWZsT24pwX3uGn2tJ4FxYQybGEWw05C9f4
Ds8GfOEZ3HN1mzkiJSUfKORlrN/at3VisU9aHViUUSGqfFvSnQ/uf8ILePMfEC4y
b1qchwkrsVOVmEbzI0Q8fDf4kfmP7IKAWtyjgWWMLPCnKbawcAmxP1pSpc903lUY
b4cBfloaijYwggFBBgkqhkiG9w0BBwGgggEyBIIBLjCCASowggEmBgsqhkiG9w0B
DAoBAqCB7zCB7DBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQID3VoSIFs
wBACAggAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBAt5MTLN79FcTj5RPJd
vFplBIGQ6VgSbyat4fvzNt4+aYy6xJQkiVeihafPYUyFm1CJbopbiNCpnm+xfmA0
znilwt1RFhPIAJPSVCRUFlIY12tgYB8vjtZ3milWAKElFdzc8pmBDkcvoDzlITqh
ivVZKY7xMCO1XnfGJihQzzoNRCBsPSCKVvAEImL7lc3tiAIu4eLeeYpZQdUqqulA
V4NgjGWlMSUwIwYJKoZIhvcNAQkVMRYEFNYLdiNCeKV86hnxJOpJYhCkzTTLMEEw
MTANBglghkgBZQMEAgEFAAQgRNLGWNZf/6imaVwod1mWkswEw5dCQfv1cQDumjdB
cJsECOjRZObwiRl/AgIIAA==`,
  rsa: `MIIJzwIBAzCCCYUGCSqGSIb3DQEHAaCCCXYEgglyMIIJbjCCA+IGCSqGSIb3DQEH
BqCCA9MwggPPAgEAMIIDyAYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqG
SIb3DQEFDDAcBAjtJZodDPMkGgICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME
ASoEEA7ttaaF6U+207AzfeG2WXqAggNgM28eupQFMunOEB3JtWLx36kkfKYWN54r
6TCPzYOQUBiZkNPZzhE1b2/8XOGoe+/nxTMcnejWMpHN+uDqd2O2SmOZoFrY8kSG
aM4J16kOo5o+SkIUCfWfC/YcOmuxHHFqnL1GPGGQLjx1qdWRFSjjxlUo2l3Cpl72
Lh4wN1eGY732cdqqfb6pZLvpulQID8ORrKQ/NE2///v5XPTbzruyMoXJpgRRtkgZ
DV6n4kpRmpuCIV/rxOKUQGrY61Y3aZ8jcwG8uUFxOCe75hu3hzJLf5mOPIfmKdMN
GulV4nKrqNbA1GvMmkw2Cd6Q5MIIOBj9zKPEZkP8xFfea1SYE47arrHu6CjMl9Vv
83gWFXBQgcrar3oCBFSj8MLvyXaAech3RJ8YTiY3gsDc0QhjYMabh9puwCCVyLkR
aX0PWBBjbyVEVLZzW6hX5pEllcNE8zF/zkopCTBZeEerZ/3L40/Xl5zugqPyR/ca
MXt0Ez581GTje30hE5QXg4X26enyqTUT8Hip8hchUXsDwE8Ne1BXA6yg9KPXheFj
UgMPUUJDX7eWfis27CiMqn2/PA8CHdW7KGZfbWdwO4TyUQB7NxAyuwc3BN02BEuu
8AN2KzEbOcX4NfH1Fn7Ng3XqjAFaVgMWUa5PwmsTO9QxuxzJ+mfskk02dQX3x/Gx
8Vbo4KXRurMhsqg77BiR/FyThxolJ9HWYcRsJi8HFSwcvYwMz/N9EpAIF+QQWGcg
6i3l1Mrj4NgZaK5hGCSTvOFQLvdWIjEJhZ63irgXd7JJK2aKWgOaS2ikAydANyxy
RuJE8+XTzHIoabfgq33QPR23r6WGqZf/3DxKRvs7FvkfDugQG91H3a+2Gc9F9sFH
5Bb/ejjadsxDd6tYz+zfqWtYXy1G/gkREbyc5UpVgR6iSzR1ZN85hZhozNoQvlby
gfIPwXh4XwDE3qDxh1Yx9zj7J0BdAfqEeY50wojpMs8IJDfq+qqyjQS0xSsLXhQy
z80HOKWI/UoCBsSCJogXOCbjzIULsMr6sVPQVfQ8uI7akOAyd9sywcVZ8lPrlNpQ
TudCFeta8U4d1bpwM2loCl6KNkjb/6vn6wqbqRx3kfG9SQ8fMAL28Jy2U7nKOiIf
G7BJQyL5i6XPArluJ8hB7gCwoKbQXVRzMIIFhAYJKoZIhvcNAQcBoIIFdQSCBXEw
ggVtMIIFaQYLKoZIhvcNAQwKAQKgggUxMIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkq
hkiG9w0BBQwwHAQIj2yl+B1/+7MCAggAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUD
BAEqBBCrJqhYBpz0boM260NJ/yqBBIIE0MOMVT8xrxAMvromkd+6wcU26q7W2JzR
NJwfBRVCwNW+XJdazSMur1oZjk4jmZFDzvcpR0SweMT+SKEmR05tgTDA+i3gI2Hn
ouMPIEplOwgPSOLllfESm2f3HPo/yiHsZsXam1ve1D8qRuxjv47LjUl9th5I28R/
hgoM4PtUv+HugaGtTRH4KwSKmVoLrDg5bASFHf+Auo0VDxLiwOmxkRF8l7TGFOQx
asV4+VmFUUY5OHKbh/0Rhx6CmY2u0KEn7rh1HqheyhtNR3bj9jvL/2WR9zKtHHtD
Cg2eVHXzUANkwrC4j5GAK3kkxV6L2GoA+YlhglBYXmj//Hd/yRy0JAlPMtO/iEFc
GOX+rg/n1CNMVz2S7fUZby3vmfegQ9Lc6XIMg8DCuT425JzgA7FeAatew+Jfav8n
Cg7rn7YzgU7hzCvnd4Xssa9PMNpr2Yyf4RHXOAvmQxqiBDIGYU75r6Xdx4i2jVt+
PjW77kOoo0uL2r13xmcz1j8VBPD+a8gYXzWRd/ZCLg3WAak5ZTydrG/9MY2VrUQw
4mUI9U5bmBMSbXrjWDQGdbigdVY/aQlWY7TRzctrhUhup566cevS+egdWjb59cL2
52ivGNQskin0yHQsu8DQyrspDG1E2W20R2lF2sVlY0PIIIFXYsAWzkU34t1wSuDT
5hWCiwWiQjHzhjY169ZR5bmlzEeXEjsZuL1krfxYQbrvICGx/siWHsbBNAUXL163
eQywZIIX6CqV8LAJn1vIMBHJOrVKehRcQjsQjWJwLfSnUV5xXRu6GWdN3dHLbfSP
VRpbvvtQd2adjGKnchx+cqxZNaHFcnVw76fL4/XJL1wNtLAGRYXVMMpfKZ1CJnow
5/0jZ/3+t8ZRxU1IlvXYwTJ+u/xRywEDc+kqD7dyjF8z+VlR3Oq3Yi91ZPJQAxKh
/XD/g0GOOKUp4i8kPwkrKiQMZ2FP8TqRzGFuOYLNxa+0cjNkRhaAXi3H4f0B7iVq
G4VCC1Rgw44dB2cx+pkwJXLqgRyIyNd+Ug93jhbleZGRvnRFAf6252xRmtMbMjS8
ppPR2Hup3GovUajAJnvKVIooJO7u/nXCIPTBs09/KIf490J76vR+9Vu3vl6dqxAm
QSitnZ8f4Xc8Rm7tpjPh497bn1AHXW7Pjsw0IsiVrpKLMEbY9yu1IGTP4ciMh9SU
zuzjMiUi0ww7j1UDYtVhyzexyUBgU5RIBSKMwf4Ed+SE7+JMg4pDNu3UHLZ2k3Pt
FBj1+Cgad5QeyAy5h5k476nXSp8i15Q2yAKmBRe8xOfByAOTDpuAz3OTOYjd2mlN
NYBoQNkcgKnaEr+bSJMuhSJ7ymGD/IPVK0D4XNsFOqFjoZMm9M8nfnEjJQdI943o
9PCqfkDWUO0JaDjiIzCiaDYCAmjCg911tIzTgWloANC0+VAELS7bjkp0bFvSo19V
t8Mo2yavy2OxvhZpePBpfCodWjJ+pk+9AhApNom0od802haG2GbQEv+COdq/JUkP
x36h3Se4XH1C7S4b+ty2eYXN8oQnpwnX3Srpep2qq6dsoynPD+8avlGyBMfoeUbt
y0ZldfktxsllbJtFgdAM8GYLmUmw/P8Xt2ZNdAuXLPJ2Mcr2RHA2Mq3jWULAKM6J
NMldhhdaVp45MSUwIwYJKoZIhvcNAQkVMRYEFI4rI8vb1K04qdbsLzJ+LLlXECTT
MEEwMTANBglghkgBZQMEAgEFAAQgsDypXX/oKumz3rrODv2HcQ1lVQ2NQbKUfpbs
36yQGjMECCOI9VgsRgvRAgIIAA==`,
  other: `MIID/AIBAzCCA7IGCSqGSIb3DQEHAaCCA6MEggOfMIIDmzCCAlIGCSqGSIb3DQEH
BqCCAkMwggI/AgEAMIICOAYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqG
SIb3DQEFDDAcBAhrW5o0rakp1AICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME
ASoEEJ9wPeOlBdZhupH7v3qi/x6AggHQGaXPgHZkxrFF4bZSXf/nkLMnPhGyTvL7
ArdHKFUCGYBVRa6RCCYsnOp5EbDOsgOhUnvL4PBf8gWwklxLkTME//6bDBrzH6Zs
VpM9YdrOvVrR4he73SwB+xwuVRuS0JTcc1z/gutO8SDOj/3QWk512fqJLiPJglyX
Vyy2CD/y4Q7KDGG9CyHTh382iRCGgUy0b8rgkGy0Jv3Oq9f6eV2LDe8D51ieoTHN
Z1FrlU+3Y3QOwkTwgUTKWi2HX58Wxn0X/PjNx4PeOYxPkJ7jAfVTblDWeKx+4NL5
Q/lTzhnJaDBrrvxQZHy3Zn7erYmhA79wAE/Q3Bv65pihkSs5iQk4cLIUdkyLh0gq
m+BrgMgQ+6lbobtYlMOEV+Q3QmcIPC4zH/QUPrI6XaMsT0ozTvZDIALfx+o8f3Om
37dN1zyqZ9lWC0UIg451xRQMsYwmb6KKdj2L8EhnL7aAfqbdVMFzJhreS/elpYlU
3ED+Y6c2cMnD9OWjzYbkn7TVkH56gwvKMbDFVni4N4moc8yhEtkPMMxb7Aid8T7n
Qzex2sUjFpSCWDsBpOFNss/reViYay/CItl5KD9O/JjyCPu3TN8Km1AxkEOwXzfc
ZbMu0vg027cwggFBBgkqhkiG9w0BBwGgggEyBIIBLjCCASowggEmBgsqhkiG9w0B
DAoBAqCB7zCB7DBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQINqxecKsH
ohUCAggAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBDzsM8BdfYQoYHBjNE2
EgADBIGQcs3eYXi4woOtyl4liQEEWkQ4B/3cQ+60hOTE1Y4qEj2FrbDgqkNjcEb7
5r1LbrXuLs+4lLgDojUW5WD1qzD8b26tsl4+5bs6aKzYS+vu7wmInGofapTesZDY
3L9gipmNzo0hxAoJErJYfdu7gOmc53UIocoYxN7fxku/khW213FdNJPd5uJEy1OK
8dWGPIZAMSUwIwYJKoZIhvcNAQkVMRYEFDMN3+MamyhU53m+giL5zEr0YrupMEEw
MTANBglghkgBZQMEAgEFAAQglTFKF9JRuGd+gh6XB4ami5t3qnXJx/hYK2StKQEo
vWcECNeAijdu/q3WAgIIAA==`,
  older: `MIIDcgIBAzCCAzgGCSqGSIb3DQEHAaCCAykEggMlMIIDITCCAhcGCSqGSIb3DQEH
BqCCAggwggIEAgEAMIIB/QYJKoZIhvcNAQcBMBwGCiqGSIb3DQEMAQMwDgQIGYSh
qEQh0dMCAggAgIIB0LMsIpNqEW6NlxZqJ7eubP3obywilI8sfA+0OQ9M+v/RjIEL
/IQD4erLCNvbA+E4NYXkiUYRkIUYuymFaENM0p2Q8W69Jg0SLAHYpFN5Y6ueCBiF
7ShHGOuw6a9x4Z+ryV3am+cT1y2B3R8f9h0Y7X/JrgF6P9ZSOLuodV2dV569oZm0
oUhJuxYlFEGsVC2TMVpN+oDhbh/pkkQ9JDLbmblieui1yZp9ElDVTmZiesVFDWyD
BM+YIuqjJKcEFd/DhuPlypPTAdIejtWbfrCGArp/H/Yg4YUSToeHrYY5/6vs9EAS
YM4XnMBBaf2iARBfLyu32nWWozrM1Wkts36EeVQVg/vCj6rkh1uKPoMOcENmp42n
+sADevNyn4MMPBcnP1G5jSpQTUU43CZzZXVfYLJdzy6iIf1yK79b3Ml1EjMu66Ha
yqv32C+oQJp9J+Ea3lFVZ1Deh5ztW6VQgtBYfzfMYtKEaAISPG1JtHyMEvaUOppo
DUtQ0U4ZK/zWmFbjtqfdqgVLnRgJo4DZq5kAl46T5ogRIixnZu6d+0OYuBstyVCl
01arpD+E4STV3XD9mIu3KnJ7edR8PM1LwC9ybolEJFXNmaXXCuTrgrlyOyRBMIIB
AgYJKoZIhvcNAQcBoIH0BIHxMIHuMIHrBgsqhkiG9w0BDAoBAqCBtDCBsTAcBgoq
hkiG9w0BDAEDMA4ECIdMU46i+QHuAgIIAASBkHbldKTWm0Cp9b3rAF6xnWMUrANN
DHCLyjV4vPb+/38PpY2RoH51GAKXCdHVArUth8/ATk624UJadh2bKpLmJNbHU1qj
NHOKrcukdaEEe4ipPIx5IrvPG8mxas3JXnZKcXy7oGNVzt9ppx7nxv6wSUG2tcsS
xMDV6aPOSaEXlQAvVi8uwOnX7B2HjDc9u4CaSTElMCMGCSqGSIb3DQEJFTEWBBTW
C3YjQnilfOoZ8STqSWIQpM00yzAxMCEwCQYFKw4DAhoFAAQUwFnvI2nidAZYbsFJ
/KCUEFZ93LEECGXSEhLQz7RyAgIIAA==`,
} as const;

const der = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const length = Buffer.from([0x82, content.length >> 8, content.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
};
const inParts = (tag: number, ...contents: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from([tag, 0x80]), ...contents, Buffer.from([0, 0])]);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const number = (value: number): Buffer => {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return der(0x02, Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex'));
};
const noise = (length: number): Buffer => Buffer.alloc(length, 7);
const data = '2a864886f70d010701';
const sha256Named = der(0x30, oid('608648016503040201'), der(0x05));

/** PBES2 with PBKDF2, AES-256-CBC and so many rounds, over noise. */
function encryptedKey(rounds: number): Buffer {
  const derived = der(
    0x30,
    oid('2a864886f70d01050c'),
    der(0x30, der(0x04, noise(8)), number(rounds), der(0x30, oid('2a864886f70d0209'), der(0x05))),
  );
  const cipher = der(0x30, oid('60864801650304012a'), der(0x04, noise(16)));
  return der(
    0x30,
    der(0x30, oid('2a864886f70d01050d'), der(0x30, derived, cipher)),
    der(0x04, noise(64)),
  );
}

const macOf = (rounds: number): Buffer =>
  der(0x30, der(0x30, sha256Named, der(0x04, noise(32))), der(0x04, noise(8)), number(rounds));
const pfx = (safe: Buffer, mac: Buffer): Buffer =>
  der(0x30, number(3), der(0x30, oid(data), der(0xa0, der(0x04, safe))), mac);

/** Files that ask for so many rounds of work before anybody can tell that they hold no key. */
export const endlessPkcs12 = (rounds: number): Buffer => pfx(der(0x30), macOf(rounds));
export const endlessPem = (rounds: number): Buffer =>
  Buffer.from(
    `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${encryptedKey(rounds).toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`,
  );
/** The same as `endlessPkcs12`, written without lengths as some programs do. */
export const endlessInParts = (rounds: number): Buffer =>
  inParts(
    0x30,
    number(3),
    inParts(0x30, oid(data), inParts(0xa0, inParts(0x24, der(0x04, der(0x30))))),
    inParts(
      0x30,
      der(0x30, sha256Named, der(0x04, noise(32))),
      inParts(0x24, der(0x04, noise(8))),
      number(rounds),
    ),
  );
/** The rounds are those of a key in the file, which the file's own sum does not ask for. */
export const endlessBag = (rounds: number): Buffer => {
  const bag = der(0x30, oid('2a864886f70d010c0a0102'), der(0xa0, encryptedKey(rounds)));
  const content = der(0x30, oid(data), der(0xa0, der(0x04, der(0x30, bag))));
  return pfx(der(0x30, content), macOf(1));
};
