"""Stands for EMR (three kinds) and S3 on 127.0.0.1: keeps every request, ends every job as it is told to.

moto refuses the labels emr-spark-* and never ends a step. Bodies are not judged here: botocore has checked them
against AWS's own models before they came.
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_ACCOUNT = "eu-west-1:123456789012"


class StandIn:
    """codes: the exit code of each next job, the last one from then on; lose_results: jobs end without a result."""

    def __init__(self) -> None:
        self.codes = [0]
        self.reason = ""
        self.result: Any = None
        self.lose_results = False
        self.polls_until_end = 0
        self.application = "STARTED"
        self.started: list[dict[str, Any]] = []
        self.actions: list[str] = []
        self._jobs: dict[str, dict[str, Any]] = {}
        self._by_token: dict[str, str] = {}
        self._objects: dict[str, str] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        self.codes, self.reason, self.result = [0], "", None
        self.application = "STARTED"
        self.lose_results, self.polls_until_end = False, 0
        self.started.clear()

    def _act(self, action: str, arn: str) -> None:
        line = f"{action} {arn}"
        if line not in self.actions:
            self.actions.append(line)

    def _start(self, kind: str, parameters: dict[str, Any], words: list[str]) -> str:
        token = parameters.get("clientToken")
        if token in self._by_token:
            return self._by_token[token]
        number = f"j-{len(self._jobs):013X}" if kind == "emr" else f"{len(self._jobs):016x}"
        code = self.codes.pop(0) if len(self.codes) > 1 else self.codes[0]
        self.started.append({"kind": kind, "parameters": parameters})
        self._jobs[number] = {"code": code, "polls": 0}
        if token:
            self._by_token[token] = number
        if not self.lose_results:
            where = words[words.index("--result") + 1].removeprefix("s3://")
            written = {"exit": code, "code": "SOME_NAME", "reason": self.reason, "result": self.result}
            self._objects[where] = json.dumps(written)
        return number

    def _state(self, number: str, running: str, succeeded: str, failed: str) -> str:
        job = self._jobs[number]
        job["polls"] += 1
        if job["polls"] <= self.polls_until_end:
            return running
        return failed if job["code"] else succeeded

    def _emr(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        if operation == "RunJobFlow":
            self._act("elasticmapreduce:RunJobFlow", f"arn:aws:elasticmapreduce:{_ACCOUNT}:cluster/*")
            for role in (body["ServiceRole"], body["JobFlowRole"]):
                self._act("iam:PassRole", f"arn:aws:iam::123456789012:role/{role}")
            self._act("elasticmapreduce:AddTags", f"arn:aws:elasticmapreduce:{_ACCOUNT}:cluster/*")
            return {"JobFlowId": self._start("emr", body, body["Steps"][0]["HadoopJarStep"]["Args"])}
        number = body["ClusterId"] if "ClusterId" in body else body["JobFlowIds"][0]
        self._act(f"elasticmapreduce:{operation}", f"arn:aws:elasticmapreduce:{_ACCOUNT}:cluster/{number}")
        if operation != "DescribeCluster":
            return {}
        state = self._state(number, "RUNNING", "TERMINATED", "TERMINATED_WITH_ERRORS")
        return {"Cluster": {"Id": number, "LogUri": "s3://firn-lake/logs/", "Status": {"State": state}}}

    def _rest(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        if found := re.fullmatch(r"/applications/([^/]+)(/start|/jobruns)?(?:/([^/]+)(/dashboard)?)?", path):
            application, more, run, _ = found.groups()
            arn = f"arn:aws:emr-serverless:{_ACCOUNT}:/applications/{application}"
            if more == "/jobruns" and method == "POST":
                self._act("emr-serverless:StartJobRun", arn)
                self._act("emr-serverless:TagResource", f"{arn}/jobruns/*")
                self._act("iam:PassRole", body["executionRoleArn"])
                words = body["jobDriver"]["sparkSubmit"]["entryPointArguments"]
                started = self._start("emr-serverless", {"applicationId": application, **body}, words)
                return {"applicationId": application, "jobRunId": started, "arn": f"{arn}/jobruns/{started}"}
            if more == "/jobruns" and method == "GET":
                self._act("emr-serverless:GetJobRun", f"{arn}/jobruns/{run}")
                state = self._state(run, "RUNNING", "SUCCESS", "FAILED")
                return {"jobRun": {"applicationId": application, "jobRunId": run, "state": state, "stateDetails": ""}}
            if more == "/start":
                self._act("emr-serverless:StartApplication", arn)
                self.application = "STARTED"
                return {}
            if more is None and method == "GET":
                self._act("emr-serverless:GetApplication", arn)
                return {"application": {"applicationId": application, "state": self.application}}
            return None
        if found := re.fullmatch(r"/virtualclusters/([^/]+)/jobruns(?:/([^/]+))?", path):
            cluster, run = found.groups()
            arn = f"arn:aws:emr-containers:{_ACCOUNT}:/virtualclusters/{cluster}"
            if method == "POST":
                self._act("emr-containers:StartJobRun", arn)
                self._act("emr-containers:TagResource", f"{arn}/jobruns/*")
                words = body["jobDriver"]["sparkSubmitJobDriver"]["entryPointArguments"]
                started = self._start("emr-containers", {"virtualClusterId": cluster, **body}, words)
                return {"id": started, "name": body["name"], "virtualClusterId": cluster}
            if method == "GET":
                self._act("emr-containers:DescribeJobRun", f"{arn}/jobruns/{run}")
                return {"jobRun": {"id": run, "state": self._state(run, "RUNNING", "COMPLETED", "FAILED")}}
            self._act("emr-containers:CancelJobRun", f"{arn}/jobruns/{run}")
            return {"id": run, "virtualClusterId": cluster}
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                self._answer("GET")

            def do_POST(self) -> None:
                self._answer("POST")

            def do_DELETE(self) -> None:
                self._answer("DELETE")

            def _answer(self, method: str) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
                path = self.path.split("?")[0]
                with outer._lock:
                    operation = (self.headers.get("X-Amz-Target") or "").removeprefix("ElasticMapReduce.")
                    if operation:
                        return self._json(outer._emr(operation, body))
                    answer = outer._rest(method, path, body)
                    if answer is not None:
                        return self._json(answer)
                    return self._object(path.lstrip("/"))

            def _json(self, answer: dict[str, Any]) -> None:
                self._write(200, json.dumps(answer).encode(), "application/json")

            def _object(self, where: str) -> None:
                outer._act("s3:GetObject", f"arn:aws:s3:::{where}")
                if where in outer._objects:
                    return self._write(200, outer._objects[where].encode(), "binary/octet-stream")
                self._write(404, b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>", "application/xml")

            def _write(self, status: int, content: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        return Handler
