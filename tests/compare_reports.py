# SPDX-License-Identifier: Apache-2.0
"""compare_reports.py CORPUS NAME=EXIT_CODE…: exits 0 when NAME.json, NAME.xml and NAME.sarif, reports of one check that
ended with EXIT_CODE, say the same, and say it in the right place; else names the differences."""
import json
import pathlib
import sys
import xml.etree.ElementTree

LEVELS = {"must": "error", "implied": "error", "should": "warning", "historical": "warning", "observed": "note"}
KINDS = {"VACUOUS": "review", "UNIMPLEMENTED": "open", "SKIP": "open"}
ELEMENTS = {"CRASH": "error", "HANG": "error"}


def count(parent, element):
    return len(parent.findall(".//" + element))


class Reports:
    """The reports of one check."""

    def __init__(self, corpus, name, exit_code):
        self.corpus, self.name, self.exit_code = corpus, name, exit_code
        self.json = json.loads(pathlib.Path(name + ".json").read_text(encoding="utf-8"))
        self.sarif = json.loads(pathlib.Path(name + ".sarif").read_text(encoding="utf-8"))["runs"][0]
        self.junit = xml.etree.ElementTree.parse(name + ".xml").getroot()
        self.rules = {rule["id"]: rule for rule in self.json["rules"]}
        self.differences = []

    def want(self, condition, *words):
        if not condition:
            self.differences.append(" ".join(str(word) for word in words))

    def compare(self):
        self.junit_counts()
        self.junit_properties()
        for case in self.junit.find("testsuite").findall("testcase"):
            self.junit_case(case)
        self.sarif_run()
        self.sequences()
        fingerprints = [result["partialFingerprints"]["ruleAndSequence/v1"] for result in self.sarif["results"]]
        self.want(len(set(fingerprints)) == len(fingerprints), "SARIF: two results have the same fingerprint")
        for result in self.sarif["results"]:
            self.sarif_result(result)
            if result["ruleId"] in self.rules:
                self.sarif_rule(result, self.rules[result["ruleId"]])
        for difference in self.differences:
            print(f"{self.name}: {difference}", file=sys.stderr)
        return not self.differences

    def junit_counts(self):
        counted = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
        for group in [self.junit, *self.junit.findall("testsuite")]:
            for attribute, element in counted.items():
                if attribute in group.attrib or group is not self.junit:
                    number = int(group.get(attribute, "-1"))
                    self.want(number == count(group, element), "JUnit:", attribute, "is not the number of", element)
        bad = count(self.junit, "failure") + count(self.junit, "error")
        self.want((bad > 0) == (self.exit_code != 0), f"JUnit: {bad} cases failed, the exit code is {self.exit_code}")

    def junit_properties(self):
        suite = self.junit.find("testsuite")
        said = {item.get("name"): item.get("value") for item in suite.findall("properties/property")}
        self.want(said["runtime"] == self.json["runtime"]["how"], "JUnit: another runtime than in JSON")
        self.want(said["runtime-name"] == self.json["runtime"]["name"], "JUnit: another name than in JSON")
        self.want(said["seed"] == str(self.json["seed"]), "JUnit: another seed than in JSON")
        self.want(said["catalogue"] == self.json["catalogue"], "JUnit: another catalogue than in JSON")
        names = [case.get("name") for case in suite.findall("testcase")]
        self.want(names == list(self.rules), "JUnit: other rules than in JSON")

    def junit_case(self, case):
        rule = self.rules[case.get("name")]
        verdict, children = rule["verdict"], list(case)
        self.want((verdict == "PASS") == (not children), "JUnit:", rule["id"], verdict, [item.tag for item in children])
        if not children:
            return
        reason = children[0]
        skipped = reason.tag == "skipped"
        words = reason.text if skipped else reason.get("message")
        self.want(words.startswith(verdict + ": "), "JUnit:", rule["id"], "does not begin with", verdict)
        self.want(verdict == "XPASS" or rule["message"] in words, "JUnit:", rule["id"], "has another message")
        self.want(skipped or reason.tag == ELEMENTS.get(verdict, "failure"), "JUnit:", rule["id"], verdict, reason.tag)
        self.want(skipped or rule["id"] in reason.text, "JUnit: the text of", rule["id"], "does not name it")
        self.want(skipped or not rule["listed"], "JUnit:", rule["id"], "is listed and has failed")

    def sarif_run(self):
        invocation = self.sarif["invocations"][0]
        successful = self.json["complete"] and self.exit_code not in (2, 3)
        self.want(invocation["exitCode"] == self.exit_code, "SARIF: exit code", invocation["exitCode"])
        self.want(invocation["executionSuccessful"] == successful, "SARIF: successful, or not")
        for key in ("runtime", "profile", "catalogue", "seed", "summary"):
            self.want(self.sarif["properties"][key] == self.json[key], "SARIF: other", key, "than in JSON")
        reported = [result["ruleId"] for result in self.sarif["results"] if result["ruleId"] in self.rules]
        worth = [key for key, rule in self.rules.items() if rule["verdict"] not in ("PASS", "XPASS", "SKIP")]
        self.want(reported == worth, "SARIF: results for", reported, "instead of", worth)
        stale = [note["locations"][0]["physicalLocation"]["region"]["startLine"]
                 for note in invocation["toolConfigurationNotifications"]]
        self.want(stale == [entry["line"] for entry in self.json["stale"]], "SARIF: other stale entries than in JSON")

    def sequences(self):
        """Sequences that failed and that no rule is blamed for."""
        cases = {case.get("name") for case in self.junit.iter("testcase") if case.get("classname") == "rpcancel.sequences"}
        notes = self.sarif["invocations"][0]["toolExecutionNotifications"]
        objects = [result for result in self.sarif["results"] if result["ruleId"] not in self.rules]
        objects += [note for note in notes if "locations" in note]
        places = {item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for item in objects}
        self.want({"corpus/" + case for case in cases} == places, "sequences without a rule:", cases, "and", places)

    def place(self, result):
        """The lines of the file that a result points at, and the number of one."""
        place = result["locations"][0]["physicalLocation"]
        file = self.corpus.parent / place["artifactLocation"]["uri"]
        return file.read_text(encoding="utf-8").splitlines(), place["region"]["startLine"]

    def sarif_result(self, result):
        identity, text = result["ruleId"], result["message"]["text"]
        descriptor = self.sarif["tool"]["driver"]["rules"][result["ruleIndex"]]
        lines, number = self.place(result)
        self.want(descriptor["id"] == identity, "SARIF: ruleIndex of", identity, "is that of", descriptor["id"])
        self.want((result["level"] == "none") == (result["kind"] != "fail"), "SARIF: level and kind of", identity)
        self.want(text.endswith("."), "SARIF: no full stop:", text)
        self.want(1 <= number <= len(lines), "SARIF:", identity, "is at line", number, "of", len(lines))

    def sarif_rule(self, result, rule):
        identity, verdict = rule["id"], rule["verdict"]
        level = "error" if verdict in ("FAIL", "CRASH", "HANG") else LEVELS[rule["level"]]
        kind = KINDS.get(verdict, "fail")
        self.want(result["kind"] == kind, "SARIF:", identity, verdict, "is of kind", result["kind"])
        self.want(kind != "fail" or result["level"] == level, "SARIF: level of", identity, "is", result["level"])
        self.want(rule["message"] in result["message"]["text"], "SARIF: another message of", identity)
        self.want(("suppressions" in result) == rule["listed"], "SARIF:", identity, "is suppressed but not listed, or reverse")
        self.want(result["properties"].get("sequence") == rule["sequence"], "SARIF: another sequence of", identity)
        if rule["sequence"] is None:
            return
        lines, number = self.place(result)
        operation = lines[number - 1].split("#")[0].split("=>")[0].split()
        last = rule["sequence"].splitlines()[-1].split()
        # Shrinking may take another handle, thread or argument for it.
        self.want(operation[0] == last[0], "SARIF:", identity, "points at", operation, "and its sequence ends with", last)


same = True
for argument in sys.argv[2:]:
    check, code = argument.split("=")
    same &= Reports(pathlib.Path(sys.argv[1]), check, int(code)).compare()
sys.exit(0 if same else 1)
