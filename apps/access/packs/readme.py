"""What a pack says about itself."""

README = """\
Evidence of one decision on access
==================================

summary.pdf       one page for people
decision.json     the decision: policy's answer, the route, who said what and had proved themselves by what
request.json      the request as it was submitted
facts.json        what policy saw                   trace.json      everything it found
rules.csv         every rule with its result        rulebook.json   the rules in force
records.json      the records in force, who approved them, and where each of them is
records/          purpose, processing activity, assessments, agreements, transfers: the versions in force
grants.json       the rights that were given        conditions.json, agreements.json
keys.json         every key that was issued or revoked; never a part of a key
reviews.json      whether the access was still needed, asked again later
trail/            what the trail tells of all this, with proofs
checks.json       what the portal looked at when it made the pack
manifest.json     every file with its SHA-256
manifest.sig      the Ed25519 signature of manifest.json
public-key.txt    the key it was signed with

To verify it you need Python 3.10 or newer and nothing else: no portal, no network, no packages.

    python -I -S verify_pack.py --key HEX evidence.zip

Take verify_pack.py and the key from the organization by another way than this pack: whoever could change the
pack could put another key into it. The portal of the organization gives both to anybody, without signing in:

    /.well-known/lakewarden/evidence-keys.json      /.well-known/lakewarden/verify_pack.py

Ask the organization for the address of its portal, or have the fingerprint of the key read out to you on the
telephone.

The signature tells that nothing was changed since the pack was made. The proofs tell that each entry of the
trail in it is the one that was recorded then. Neither tells that the portal was told the truth.
"""
